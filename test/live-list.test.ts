import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const read = (path: string) => readFile(new URL(`../${path}`, import.meta.url), 'utf8');

test('the client that the documentation shows is the one that is tested', async () => {
  expect(await read('docs/realtime.md')).toContain(
    `\`\`\`ts\n${await read('examples/live-list.ts')}\`\`\`\n`,
  );
});
