import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ConfigError } from '../config.ts';
import { idOf } from './persisted-documents.ts';

// `npm run persist`, Relay and GraphQL Code Generator write texts by id.
const TextsById = z.record(z.string().min(1), z.string().min(1));
// The manifest of Apollo's tools.
const Manifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  operations: z.array(z.object({ id: z.string().min(1), body: z.string().min(1) })),
});

/** Reads lists of persisted documents. Throws one ConfigError with all mistakes. */
export async function readPersistedList(paths: readonly string[]): Promise<Map<string, string>> {
  const list = new Map<string, string>();
  const mistakes: string[] = [];
  for (const path of paths) {
    const entries = await readEntries(path).catch((error: Error) => {
      mistakes.push(`${path}: ${error.message}`);
      return [];
    });
    for (const [id, text] of entries) {
      const mistake = findMistake(id, text, list.get(id));
      if (mistake) mistakes.push(`${path}: ${id}: ${mistake}`);
      list.set(id, text);
    }
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes.map((line) => `PERSISTED_DOCUMENTS: ${line}`));
  return list;
}

async function readEntries(path: string): Promise<[id: string, text: string][]> {
  const value: unknown = JSON.parse(await readFile(path, 'utf8'));
  const manifest = Manifest.safeParse(value);
  if (manifest.success) return manifest.data.operations.map(({ id, body }) => [id, body]);
  const texts = TextsById.safeParse(value);
  if (texts.success) return Object.entries(texts.data);
  throw new Error(
    'expected a JSON object with the text of each document by its id, as `npm run persist` writes it',
  );
}

function findMistake(id: string, text: string, other: string | undefined): string | null {
  if (other !== undefined && other !== text) return 'another list has this id for another text';
  if (id.startsWith('sha256:') && id !== idOf(text)) return 'the id is not the SHA-256 hash of the text';
  return null;
}
