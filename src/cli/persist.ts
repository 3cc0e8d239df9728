import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { schema } from '../graphql/schema.ts';
import { createPersistedOperations, DocumentError, type DocumentFile } from './persisted-operations.ts';

const USAGE = `Use: npm run --silent persist -- [options] <files and folders with .graphql documents>
  --out <file>      write the list to this file, for PERSISTED_DOCUMENTS; default: print it
  --ids <file>      write the id of each operation by its name, for the client
  --typenames       add __typename to every object, as Apollo Client and urql do`;

/** Makes the list of persisted documents from the documents of a client. */
export async function persist(args: string[]): Promise<void> {
  const { values, positionals } = readArguments(args);
  if (positionals.length === 0) throw new DocumentError([USAGE]);
  const files = (await Promise.all(positionals.map(readFiles))).flat();
  const operations = createPersistedOperations(files, { schema, typenames: values.typenames });
  if (operations.length === 0) throw new DocumentError(['These files have no operation.', USAGE]);

  const list = toJson(operations.map(({ id, text }) => [id, text]));
  const { out, ids } = values;
  if (ids !== undefined) await writeFile(ids, toJson(operations.map(({ name, id }) => [name, id])));
  if (out === undefined) {
    process.stdout.write(list);
    return;
  }
  await writeFile(out, list);
  process.stdout.write(`${operations.length} documents are in ${out}.\n`);
}

function readArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        ids: { type: 'string' },
        typenames: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new DocumentError([error instanceof Error ? error.message : String(error), USAGE]);
  }
}

/** Reads a file, or all .graphql and .gql files in a folder. */
async function readFiles(path: string): Promise<DocumentFile[]> {
  const stats = await stat(path).catch(() => null);
  if (!stats) throw new DocumentError([`There is no file or folder ${path}.`, USAGE]);
  if (!stats.isDirectory()) return [{ path, text: await readFile(path, 'utf8') }];
  const names = (await readdir(path, { recursive: true })).filter((name) => /\.(graphql|gql)$/.test(name));
  const inside = names.filter((name) => !/(^|[\\/])node_modules[\\/]/.test(name)).sort();
  return Promise.all(
    inside.map(async (name) => ({ path: join(path, name), text: await readFile(join(path, name), 'utf8') })),
  );
}

function toJson(entries: [string, string][]): string {
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}
