// The process: environment, arguments, signals, exit code. Everything else is imported after NODE_ENV is set, because
// graphql checks every value the slow way without it.
process.env.NODE_ENV ||= 'production';

const COMMANDS = ['serve', 'token', 'seed', 'migrate', 'schema'] as const;
// These say all that there is to know; of anything else the stack is wanted, too.
const EXPECTED = new Set(['ConfigError', 'FolderInUseError', 'NotFoundError']);
const [name = 'serve', ...args] = process.argv.slice(2);

try {
  await run(name, args);
} catch (error) {
  process.stderr.write(`${describe(error)}\n`);
  process.exitCode = 1;
}

async function run(command: string, args: string[]) {
  switch (command) {
    case 'serve':
      return (await import('./cli/serve.ts')).serve(process.env);
    case 'token':
      return (await import('./cli/token.ts')).printToken(process.env, args);
    case 'seed':
      return (await import('./cli/seed.ts')).seed(process.env);
    case 'migrate':
      return (await import('./cli/migrate.ts')).migrateDatabase(process.env);
    case 'schema':
      process.stdout.write((await import('./graphql/schema.ts')).printedSchema());
      return;
    default:
      throw new Error(`There is no command "${command}". There are: ${COMMANDS.join(', ')}.`);
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return EXPECTED.has(error.name) ? error.message : (error.stack ?? error.message);
}
