// npm run bench -- <name>: measures a cost as a ratio to a baseline or a peer of the same run.
const BENCHES = [
  'inbox',
  'start',
  'fanout',
  'dispatch',
  'sockets',
  'latency',
  'feed',
  'herd',
  'neighbour',
  'hostile',
] as const;
const [name] = process.argv.slice(2);

switch (name) {
  case 'inbox':
    await (await import('./inbox.ts')).benchInbox();
    break;
  case 'start':
    await (await import('./start.ts')).benchStart();
    break;
  case 'fanout':
    await (await import('./fanout.ts')).benchFanout();
    break;
  case 'dispatch':
    await (await import('./dispatch.ts')).benchDispatch();
    break;
  case 'sockets':
    await (await import('./sockets.ts')).benchSockets();
    break;
  case 'latency':
    await (await import('./latency.ts')).benchLatency();
    break;
  case 'feed':
    await (await import('./feed.ts')).benchFeed();
    break;
  case 'herd':
    await (await import('./herd.ts')).benchHerd();
    break;
  case 'neighbour':
    await (await import('./neighbour.ts')).benchNeighbour();
    break;
  case 'hostile':
    await (await import('./hostile.ts')).benchHostile();
    break;
  default:
    console.error(`npm run bench -- ${BENCHES.join(' | ')}`);
    process.exitCode = 1;
}
