import { ConfigError, loadConfig } from '../../src/config.ts';

/** Lines of the error that a configuration is refused with; none when it is fine. */
export function linesOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
  return [];
}
