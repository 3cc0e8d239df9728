import { startApp } from '../app.ts';
import { type Config, loadConfig } from '../config.ts';
import { createLog } from '../log.ts';
import type { DemoTokens } from './demo-tokens.ts';
import { withLocalSecret } from './local-secret.ts';
import { serveTokens } from './token-socket.ts';

/** Runs the gateway until SIGTERM or SIGINT. The exit code is 0 when everything stopped cleanly. */
export async function serve(env: Record<string, string | undefined>): Promise<void> {
  const loaded = loadConfig(env);
  const log = createLog(loaded.logLevel);
  const isEmbedded = loaded.databaseUrl === undefined;
  const config = isEmbedded ? await withLocalSecret(loaded) : loaded;
  const demo = isEmbedded ? await loadDemo(config) : undefined;

  const app = await startApp(config, { log, graphiqlToken: demo?.tokens?.agent, ...demo });
  const stopTokens = isEmbedded ? await serveTokens({ config, db: app.db, log }) : undefined;

  process.stdout.write(banner(app.url, demo?.tokens));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, async () => {
      await stopTokens?.();
      process.exit((await app.stop()) ? 0 : 1);
    });
  }
}

// Imported only for the embedded database, as the demo takes long to load.
async function loadDemo({ auth }: Config) {
  const [{ seedDemo }, { createDemoTokens: demoTokens }] = await Promise.all([
    import('../demo/seed-demo.ts'),
    import('./demo-tokens.ts'),
  ]);
  return {
    prepare: seedDemo,
    tokens: auth.secret === undefined ? undefined : await demoTokens(auth.secret, auth),
  };
}

function banner(url: string, tokens: DemoTokens | undefined): string {
  const lines = [`Parley is ready at ${url}/graphql`];
  if (tokens) {
    lines.push(
      '',
      'A demo organization is in it. Tokens, valid for 30 days:',
      '',
      `  agent          Authorization: Bearer ${tokens.agent}`,
      `  administrator  Authorization: Bearer ${tokens.admin}`,
      `  contact        Authorization: Bearer ${tokens.contact}`,
      '',
      `Open ${url}/graphql in a browser: GraphiQL has the agent's token already.`,
    );
  }
  return `${lines.join('\n')}\n`;
}
