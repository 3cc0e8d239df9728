import { startApp } from '../app.ts';
import { type Config, loadConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { withLocalSecret } from './local-secret.ts';
import { endOnCrash } from './process-end.ts';
import { serveTokens } from './token-socket.ts';

/**
 * Runs the gateway until SIGTERM or SIGINT; the exit code is 0 when everything stopped cleanly. It also stops after an error that nothing
 * has caught, with exit code 1.
 */
export async function serve(env: Record<string, string | undefined>): Promise<void> {
  const loaded = loadConfig(env);
  const log = createLog(loaded.logLevel);
  const endOnSignal = endOnCrash(log);
  const isEmbedded = loaded.databaseUrl === undefined;
  const config = isEmbedded ? await withLocalSecret(loaded) : loaded;
  const demo = isEmbedded ? await loadDemo(config) : undefined;

  const app = await startApp(config, { log, ...demo?.options });
  const stopTokens = isEmbedded ? await serveTokens({ config, db: app.db, log }) : undefined;

  endOnSignal({
    async stop() {
      await stopTokens?.();
      return app.stop();
    },
    hurry: app.hurry,
  });
  const lines = [
    `Parley is ready at ${app.url}/graphql`,
    ...(isEmbedded ? ['The embedded database is for one user. For more, set DATABASE_URL.'] : []),
    ...((await demo?.describe(app.url)) ?? []),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

// Imported only for the embedded database, as the demo takes long to load.
async function loadDemo({ auth: { secret, ...auth }, exposure }: Config) {
  const [{ seedDemo }, { DEMO_PEOPLE, printDemoTokens, signGraphiQLToken }] = await Promise.all([
    import('../demo/seed-demo.ts'),
    import('./demo-tokens.ts'),
  ]);
  const signing = exposure.demoTokens && secret !== undefined ? { ...auth, secret } : undefined;
  return {
    options: {
      prepare: seedDemo,
      signDemoToken: signing && (() => signGraphiQLToken(signing)),
    },
    async describe(url: string): Promise<string[]> {
      if (!signing) return [];
      const page = exposure.graphiql
        ? ['', `Open ${url}/graphql in a browser: GraphiQL has the agent's token already.`]
        : [];
      return [
        '',
        'A demo organization is in it. Tokens, valid for a day:',
        '',
        ...(await printDemoTokens(signing)),
        '',
        `\`npm run --silent token -- ${DEMO_PEOPLE[0][1]}\` makes another.`,
        ...page,
      ];
    },
  };
}
