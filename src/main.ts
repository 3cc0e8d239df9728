// Entry point of all commands. Other modules are imported after NODE_ENV is set, because graphql reads it once, and runs
// slow development checks without it. The configuration is read from the environment as it was given.
const env = { ...process.env };
process.env.NODE_ENV ||= 'production';

const COMMANDS = ['serve', 'token', 'seed', 'migrate', 'persist', 'schema', 'errors', 'limits'] as const;
// Errors whose message is enough. For any other the stack is printed.
const EXPECTED_ERRORS = new Set([
  'ConfigError',
  'DocumentError',
  'FolderInUseError',
  'MigrationError',
  'NotFoundError',
]);
const [name = 'serve', ...args] = process.argv.slice(2);
// Files and sockets of a node are its user's alone: the secret of tokens, the database, the socket that hands out tokens. The list of
// persisted documents is written for other machines.
if (name !== 'persist') process.umask(0o077);

try {
  await run(name, args);
} catch (error) {
  process.stderr.write(`${describe(error)}\n`);
  process.exitCode = 1;
}

async function run(command: string, args: string[]) {
  switch (command) {
    case 'serve':
      return (await import('./cli/serve.ts')).serve(env);
    case 'token':
      return (await import('./cli/token.ts')).printToken(env, args);
    case 'seed':
      return (await import('./cli/seed.ts')).seed(env);
    case 'migrate':
      return (await import('./cli/migrate.ts')).migrateDatabase(env);
    case 'persist':
      return (await import('./cli/persist.ts')).persist(args);
    case 'schema':
      process.stdout.write((await import('./graphql/schema.ts')).printedSchema());
      return;
    case 'errors':
      process.stdout.write((await import('./cli/error-docs.ts')).printErrorDocs());
      return;
    case 'limits':
      process.stdout.write((await import('./cli/limit-docs.ts')).printLimitDocs());
      return;
    default:
      process.stderr.write(`There is no command "${command}". Use one of: ${COMMANDS.join(', ')}.\n`);
      process.exitCode = 1;
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return EXPECTED_ERRORS.has(error.name) ? error.message : (error.stack ?? error.message);
}
