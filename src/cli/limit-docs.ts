import { LIMIT_SECTIONS } from '../limits.ts';
import { OPEN, RATES } from '../rate-limits.ts';
import { inCode, printTable } from './markdown-table.ts';

/** docs/limits.md, in Markdown. */
export function printLimitDocs(): string {
  const sections = LIMIT_SECTIONS.map(({ title, appliesTo, beyond, rows }) => {
    const cells = Object.entries(rows).map(([name, [value, unit, of, ownBeyond]]) => [
      inCode(name),
      `${value.toLocaleString('en-US')} ${unit}`,
      of,
      ownBeyond ?? beyond,
    ]);
    return `## ${title}\n\n${appliesTo}\n\n${printTable(['limit', 'at most', 'of what', 'beyond it'], cells)}\n`;
  });
  return `# Limits

Every bound that a client can meet, and the answer beyond it. Printed from src/limits.ts, which the code takes them from, by
\`npm run docs\`; a test fails when this file is stale. [errors.md](errors.md) explains the answers. A limit that ends an operation
changes nothing; its error says what was given and what is allowed.

${sections.join('\n')}
${printShares()}`;
}

function printShares(): string {
  const rates = Object.entries(RATES).map(([name, { max, seconds, what }]) => [
    inCode(name),
    `${max.toLocaleString('en-US')} ${what} in ${toDuration(seconds)}`,
  ]);
  const open = Object.entries(OPEN).map(([name, { max, what }]) => [
    inCode(name),
    `${max.toLocaleString('en-US')} ${what}`,
  ]);
  return `## Shares

Nobody can take what the others need: an address, a viewer and an organization have shares, which are far above what people use. The
name says whose: one \`address\`, one \`contact\`, one \`user\` (users and bots), all \`contacts\` of an organization, or its whole
\`team\`. \`RATE_LIMITS\` changes them: \`4x\` makes all of them four times as large, \`contact.operations=400,address.sockets=5000\` sets
single ones, \`4x,contact.searches=10\` does both, and \`off\` limits nothing.

The address is that of the connection. Behind proxies all clients would share one: set \`TRUST_PROXY\` to the number of proxies between the
clients and the node, or to their networks, such as \`10.0.0.0/8,fd00::/8\`. The address is then the last one in \`X-Forwarded-For\` that
was not written by one of them. An IPv6 address counts as its /64 network.

### In a time

Beyond it an operation is refused with \`RATE_LIMITED\`, status 429, and the seconds to wait in \`Retry-After\` and \`extensions.retryAfter\`; over a
websocket with an \`error\` message. Beyond \`address.handshakes\` a websocket is refused with 429, and beyond \`address.failures\` closed with 4429.

The time begins with the first that is counted. With Redis, a limit holds for all nodes together: each node reports twice a second what
a viewer has used once that is a tenth of the limit, so a viewer on several nodes goes beyond it for half a second, or by a tenth for each
node. Without Redis, or while it is away, each node allows the whole limit: the total is the limit times the number of nodes.

${printTable(['limit', 'at most'], rates)}

### At the same time

These hold for each node: the total is the limit times the number of nodes. Beyond one, a websocket is closed with 4429, and an event stream
or subscription is refused with \`TOO_MANY_OPERATIONS\`, over HTTP with status 429. A websocket of an address that has too many is refused with 429, and
a connection is closed at once; \`address.connections\` are not counted with \`TRUST_PROXY\`, as they are those of the proxy.

${printTable(['limit', 'at most'], open)}
`;
}

function toDuration(seconds: number): string {
  return seconds === 3_600 ? 'an hour' : `${seconds} s`;
}
