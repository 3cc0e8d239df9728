import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';

/**
 * The configuration with a secret, where none is set: one that is made once and kept beside the embedded data, so that
 * tokens stay valid from start to start.
 */
export async function withLocalSecret(config: Config): Promise<Config> {
  if (config.auth.secret !== undefined || config.auth.jwksUrl !== undefined) return config;
  const path = join(config.dataDir, 'secret');
  await mkdir(config.dataDir, { recursive: true });
  // Fails where there is one already, which is then read.
  await writeFile(path, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600 }).catch((error) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return { ...config, auth: { ...config.auth, secret: await readFile(path, 'utf8') } };
}
