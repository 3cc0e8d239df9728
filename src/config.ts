import { z } from 'zod';

// One place for every environment variable. Empty means absent, as in `VAR= npm start`.
const text = z.string().min(1);

const Environment = z
  .object({
    PORT: z.coerce.number('expected a port number from 0 to 65535').int().min(0).max(65_535).default(4000),
    HOST: text.default('127.0.0.1'),
    DATABASE_URL: url(['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/database').optional(),
    REDIS_URL: url(['redis:', 'rediss:'], 'redis://host:6379 or rediss://host:6379').optional(),
    DATA_DIR: text.default('.data'),
    AUTH_SECRET: z
      .string()
      .min(32, 'expected at least 32 characters; `openssl rand -hex 32` makes such a secret')
      .optional(),
    AUTH_JWKS_URL: url(['https:', 'http:'], 'https://issuer/.well-known/jwks.json').optional(),
    AUTH_ISSUER: text.optional(),
    AUTH_AUDIENCE: text.optional(),
    ALLOWED_ORIGINS: text.optional(),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  })
  .superRefine((env, context) => {
    if (env.DATABASE_URL && !env.AUTH_SECRET && !env.AUTH_JWKS_URL) {
      context.addIssue({
        code: 'custom',
        path: ['AUTH_SECRET'],
        message:
          'missing: with DATABASE_URL set, tokens must be checked. Set AUTH_SECRET (tokens signed with HS256) or AUTH_JWKS_URL (keys of your identity provider)',
      });
    }
    if (env.REDIS_URL && !env.DATABASE_URL) {
      context.addIssue({
        code: 'custom',
        path: ['REDIS_URL'],
        message:
          'needs DATABASE_URL: the embedded database belongs to one process, so there are no other nodes to talk to. Set DATABASE_URL, or remove REDIS_URL',
      });
    }
  });

export type Config = ReturnType<typeof loadConfig>;

/** Reads the environment. Throws one ConfigError that names every mistake. */
export function loadConfig(env: Record<string, string | undefined>) {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(present);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => describe(issue, present)));
  }
  const { data } = parsed;
  return Object.freeze({
    port: data.PORT,
    host: data.HOST,
    databaseUrl: data.DATABASE_URL,
    redisUrl: data.REDIS_URL,
    dataDir: data.DATA_DIR,
    auth: {
      secret: data.AUTH_SECRET,
      jwksUrl: data.AUTH_JWKS_URL,
      issuer: data.AUTH_ISSUER,
      audience: data.AUTH_AUDIENCE,
    },
    allowedOrigins: data.ALLOWED_ORIGINS?.split(',').map((origin) => origin.trim()),
    logLevel: data.LOG_LEVEL,
  });
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly lines: readonly string[]) {
    super(`The configuration can't be used:\n${lines.map((line) => `  ${line}`).join('\n')}`);
  }
}

// The variable, the value's fault, and what is expected. Values of secrets and addresses (they hold passwords) are not repeated.
function describe(issue: z.core.$ZodIssue, env: Record<string, string | undefined>): string {
  const variable = issue.path.join('.');
  const value = env[variable];
  const isSecret = /SECRET|URL/.test(variable);
  return value === undefined || isSecret
    ? `${variable}: ${issue.message}`
    : `${variable}="${value}": ${issue.message}`;
}

function url(protocols: readonly string[], example: string) {
  return text.refine((value) => {
    if (!URL.canParse(value)) return false;
    const { protocol, hostname } = new URL(value);
    // Sockets are given as ?host=/path, without a host.
    return protocols.includes(protocol) && (hostname !== '' || protocols.includes('postgres:'));
  }, `not an address of the expected form, such as ${example}`);
}
