import { LIMIT_SECTIONS } from '../limits.ts';
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

${sections.join('\n')}`;
}
