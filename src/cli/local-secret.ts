import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';

/**
 * Adds a secret to a configuration that has neither secret nor JWKS URL. The secret is created once and stored in the data folder, so
 * that tokens stay valid after a restart.
 */
export async function withLocalSecret(config: Config): Promise<Config> {
  if (config.auth.secret !== undefined || config.auth.jwksUrl !== undefined) return config;
  const path = join(config.dataDir, 'secret');
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  // Fails when the file exists. The stored secret is then read.
  await writeFile(path, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600 }).catch((error) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return { ...config, auth: { ...config.auth, secret: await readFile(path, 'utf8') } };
}
