import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { runParley } from '../support/process.ts';
import { openRaw, requestText } from '../support/raw.ts';
import { openSocket } from '../support/socket.ts';

let folder: string;

// The second start is faster: the demo is there already.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-crash-'));
  return () => rm(folder, { recursive: true, force: true });
});

// Runs in the process beside Parley: on a signal, an error that nothing catches.
const preload = (statement: string) =>
  `--import=data:text/javascript,${encodeURIComponent(`process.once('SIGUSR2', () => { ${statement} });`)}`;

test.each([
  ['that is thrown in a listener', `throw new Error('unforeseen')`],
  ['that rejects a promise', `Promise.reject(new Error('unforeseen'))`],
  ['that is no Error', `Promise.reject('unforeseen')`],
])(
  'after an error %s and nothing catches, a node answers what is in flight and exits with code 1',
  async (_name, statement) => {
    const { child, printed, exited } = runParley(['serve'], {
      DATA_DIR: folder,
      NODE_OPTIONS: preload(statement),
    });
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await exited;
    });
    const [, url = ''] = await printed(/ready at (http:\S+)\/graphql/);
    const socket = await openSocket({ url });
    const body = '{"query":"{ __typename }"}';
    const request = await openRaw({ url });
    const headers = {
      'Content-Type': 'application/json',
      'Content-Length': String(body.length),
      Expect: '100-continue',
    };
    request.send(requestText('/graphql', headers, 'POST'));
    await request.received('100 Continue');

    child.kill('SIGUSR2');
    await printed(/"level":60.*caught by nothing/);
    expect(await socket.closed).toMatchObject({ code: 1001 });
    request.send(body);
    expect(await request.ended).toContain('{"data":{"__typename":"Query"}}');
    expect(await exited).toBe(1);
  },
);
