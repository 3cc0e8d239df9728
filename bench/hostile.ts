import { setTimeout as sleep } from 'node:timers/promises';
import { dropDatabase, freshDatabase } from './database.ts';
import { checkTarget, median } from './figures.ts';
import { HOSTILE_INPUTS, type HostileInput, type Target, tokenOf } from './hostile-inputs.ts';
import { fillHostileOrganization, ORGANIZATION } from './hostile-organization.ts';
import { type HostileAnswer, sendQuery } from './hostile-send.ts';
import { type ObservedNode, startObservedNode } from './observed-node.ts';
import { tokenFor } from './parley.ts';

const DATABASE = 'parley_bench_hostile';
const RUNS = Number(process.env.BENCH_ROUNDS ?? 3);
// Part of a name: only these inputs are sent, for profiling.
const ONLY = process.env.BENCH_INPUT ?? '';
const AT_MOST_MS = 100;
const SHOWN = 10;
// The noise of a moment would be that of no timer.
const SHORTEST_NOISE_MS = 100;
const MEGABYTE = 1_048_576;
const PLAIN = '{ conversations(first: 1) { nodes { id } } }';

interface Figures {
  input: HostileInput;
  size: number | undefined;
  answers: HostileAnswer[];
  stallsMs: number[];
  noisesMs: number[];
  memory: string;
}

/**
 * Sends inputs that are made to cost a node most, each at the largest size that the limits allow and beyond it, and measures how long the
 * node's event loop stands still: for so long it answers nobody. The time in which other processes have the processor is not counted.
 */
export async function benchHostile() {
  const url = await freshDatabase(DATABASE, fillHostileOrganization());
  const node = await startObservedNode(url, { INTROSPECTION: 'true', GRAPHIQL: 'true' });
  try {
    const target: Target = {
      url: node.url,
      contact: await tokenFor(ORGANIZATION, `CTC-${ORGANIZATION}-1`),
      agent: await tokenFor(ORGANIZATION, `USR-${ORGANIZATION}-1`),
    };
    await requirePlainAnswer(target);
    console.log(`\nHostile inputs, ${RUNS} times each: time and longest stall of the event loop in ms`);
    const all: Figures[] = [];
    for (const input of HOSTILE_INPUTS.filter(({ name }) => name.includes(ONLY))) {
      const figures = await measure(node, target, input);
      print(figures);
      all.push(figures);
    }
    report(all, node.takeErrors());
  } finally {
    await node.stop();
    await dropDatabase(DATABASE);
  }
}

async function measure(node: ObservedNode, target: Target, input: HostileInput): Promise<Figures> {
  const size = input.limit && (await findLargest(target, input, input.limit));
  const figures: Figures = { input, size, answers: [], stallsMs: [], noisesMs: [], memory: '' };
  const before = input.showsMemory ? await node.memory() : undefined;
  for (let run = 0; run < RUNS; run++) {
    await node.observe();
    const began = performance.now();
    figures.answers.push(await input.send(target, size ?? 0));
    figures.stallsMs.push((await node.observe()).stallMs);
    const tookMs = performance.now() - began;
    await requirePlainAnswer(target);
    await node.observe();
    await sleep(Math.max(SHORTEST_NOISE_MS, tookMs));
    figures.noisesMs.push((await node.observe()).stallMs);
  }
  if (before) {
    const after = await node.memory();
    const show = (bytes: number) => (bytes / MEGABYTE).toFixed(0);
    figures.memory = `memory ${show(before.used)} → ${show(after.used)} MB, resident ${show(before.resident)} → ${show(after.resident)} MB`;
  }
  return figures;
}

/** Looks for the largest size that is not refused. */
async function findLargest(
  target: Target,
  { who }: HostileInput,
  { most, build }: NonNullable<HostileInput['limit']>,
): Promise<number> {
  let [allowed, refused] = [0, most + 1];
  while (refused - allowed > 1) {
    const size = Math.floor((allowed + refused) / 2);
    const { answer } = await sendQuery(target.url, { token: tokenOf(target, who), query: build(size) });
    if (answer === '200') allowed = size;
    else refused = size;
  }
  if (allowed === 0) throw new Error(`refused in every size: ${build(1)}`);
  return allowed;
}

async function requirePlainAnswer({ url, agent }: Target) {
  const { answer } = await sendQuery(url, { token: agent, query: PLAIN });
  if (answer !== '200') throw new Error(`a plain query is answered with ${answer}`);
}

function print({ input, size, answers, stallsMs, noisesMs, memory }: Figures) {
  const show = (values: number[]) => values.map((value) => value.toFixed(0)).join(' / ');
  const { answer, bytes } = answers.at(-1) as HostileAnswer;
  const found = size === undefined ? '' : ` ${size}`;
  console.log(`  ${input.who.padEnd(7)} ${input.name}${found}`);
  console.log(
    `          ${answer}, ${bytes.toLocaleString('en')} bytes, time ${show(answers.map(({ ms }) => ms))}, loop ${show(stallsMs)}, noise ${show(noisesMs)}${memory && `, ${memory}`}`,
  );
}

function report(all: Figures[], errors: string[]) {
  console.log(`\nStalls of the median run beyond the noise, in ms: the ${SHOWN} longest of ${all.length}`);
  const beyond = all
    .map(({ input, stallsMs, noisesMs }) => ({
      what: `${input.who}, ${input.name}`,
      ratio: Math.max(0, median(stallsMs) - median(noisesMs)),
    }))
    .sort((one, other) => other.ratio - one.ratio);
  for (const [index, stall] of beyond.entries())
    if (index < SHOWN || stall.ratio > AT_MOST_MS) checkTarget({ ...stall, atMost: AT_MOST_MS });
  checkTarget({ what: 'errors that the node logged', ratio: errors.length, atMost: 0 });
  for (const error of errors) console.log(`    ${error.slice(0, 500)}`);
}
