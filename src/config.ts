import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import { findVideoIssues, toVideoConfig } from './config/video.ts';
import { parseRateLimits, RateLimitsError } from './rate-limits.ts';
import { parseTrustedProxies } from './trusted-proxies.ts';

// Every environment variable. An empty value counts as absent, as in `VAR= npm start`.
const text = z.string().min(1);
const port = z.coerce.number('expected a port number from 0 to 65535').int().min(0).max(65_535);
const flag = z
  .enum(['true', 'false'], 'expected true or false')
  .transform((value) => value === 'true')
  .optional();

const Environment = z
  .object({
    PORT: port.default(4000),
    HOST: text.default('127.0.0.1'),
    DATABASE_URL: url(['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/database').optional(),
    REDIS_URL: url(['redis:', 'rediss:'], 'redis://host:6379 or rediss://host:6379').optional(),
    DATA_DIR: text.default('.data'),
    AUTH_SECRET: z
      .string()
      .min(32, 'expected at least 32 characters; `openssl rand -hex 32` makes such a secret')
      .optional(),
    AUTH_PREVIOUS_SECRET: z.string().min(32, 'expected at least 32 characters').optional(),
    AUTH_MAX_TOKEN_LIFETIME: text.default('30d').transform((value, context) => {
      const seconds = parseDuration(value);
      if (seconds !== null) return seconds;
      context.addIssue({ code: 'custom', message: `expected ${DURATION_EXAMPLES}` });
      return z.NEVER;
    }),
    AUTH_JWKS_URL: url(['https:', 'http:'], 'https://issuer/.well-known/jwks.json').optional(),
    AUTH_ISSUER: text.optional(),
    AUTH_AUDIENCE: text.optional(),
    ALLOWED_ORIGINS: text
      .transform((list) => list.split(',').map((origin) => origin.trim()))
      .refine(
        (origins) => origins.every((origin) => origin === '*' || isOrigin(origin)),
        'expected origins such as https://inbox.example.com, without a path and separated by commas, or *',
      )
      .optional(),
    METRICS_PORT: port.optional(),
    METRICS_TOKEN: z.string().min(16, 'expected at least 16 characters').optional(),
    RATE_LIMITS: text.default('1x').transform(readRateLimits),
    TRUST_PROXY: text.transform(readTrustedProxies).optional(),
    JITSI_URL: url(['https:', 'http:'], 'https://meet.example.com').optional(),
    JITSI_APP_ID: text.optional(),
    JITSI_APP_SECRET: text.optional(),
    JITSI_PRIVATE_KEY: text
      // Line breaks are escaped in .env files.
      .transform((pem) => pem.replaceAll('\\n', '\n'))
      .refine(isRsaKey, 'expected an RSA private key in PEM, which begins with -----BEGIN PRIVATE KEY-----')
      .optional(),
    JITSI_KEY_ID: text.optional(),
    LIVEKIT_URL: url(['wss:', 'ws:', 'https:', 'http:'], 'wss://livekit.example.com').optional(),
    LIVEKIT_API_KEY: text.optional(),
    LIVEKIT_API_SECRET: text.optional(),
    LIVEKIT_MEET_URL: url(['https:', 'http:'], 'https://meet.livekit.io').optional(),
    NODE_ENV: text.optional(),
    GRAPHIQL: flag,
    INTROSPECTION: flag,
    SUGGESTIONS: flag,
    PERSISTED_DOCUMENTS: text.optional(),
    PERSISTED_ONLY: flag.default(false),
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
    if (env.AUTH_PREVIOUS_SECRET && !env.AUTH_SECRET) {
      context.addIssue({
        code: 'custom',
        path: ['AUTH_SECRET'],
        message: 'missing: AUTH_PREVIOUS_SECRET is set, which is the secret before this one',
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
    if (env.PERSISTED_ONLY && !env.PERSISTED_DOCUMENTS) {
      context.addIssue({
        code: 'custom',
        path: ['PERSISTED_DOCUMENTS'],
        message: 'missing: with PERSISTED_ONLY=true the server executes only the documents of this file',
      });
    }
    if (env.PERSISTED_ONLY && env.GRAPHIQL) {
      context.addIssue({
        code: 'custom',
        path: ['GRAPHIQL'],
        message: 'does not go with PERSISTED_ONLY=true, which refuses what is typed there. Remove one',
      });
    }
    if (env.METRICS_PORT !== undefined && env.METRICS_PORT !== 0 && env.METRICS_PORT === env.PORT) {
      context.addIssue({
        code: 'custom',
        path: ['METRICS_PORT'],
        message: 'is PORT, where everybody can connect. Choose another one, or set METRICS_TOKEN instead',
      });
    }
    for (const [variable, message] of findVideoIssues(env)) {
      context.addIssue({ code: 'custom', path: [variable], message });
    }
  });

const SECONDS_PER_UNIT = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** Description of a duration, for error messages. */
export const DURATION_EXAMPLES = 'a number with a unit, from 1s to 3650d, such as 30m, 12h or 7d';

/** Seconds of a duration such as 30m; null for any other text. */
export function parseDuration(value: string): number | null {
  const [, digits = '', unit = 's'] = /^(\d{1,9})([smhd])$/.exec(value) ?? [];
  const seconds = Number(digits) * SECONDS_PER_UNIT[unit as keyof typeof SECONDS_PER_UNIT];
  return seconds >= 1 && seconds <= 3_650 * SECONDS_PER_UNIT.d ? seconds : null;
}

/** The duration in its largest unit without a rest, such as 12h. */
export function formatDuration(seconds: number): string {
  const units = (['d', 'h', 'm'] as const).filter((unit) => seconds % SECONDS_PER_UNIT[unit] === 0);
  const [unit = 's'] = units;
  return `${seconds / SECONDS_PER_UNIT[unit]}${unit}`;
}

export type Config = ReturnType<typeof loadConfig>;

/** Reads the configuration from the environment. Throws one ConfigError with all mistakes. */
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
      /** Secret before the last change: tokens that it signed are still accepted. */
      previousSecret: data.AUTH_PREVIOUS_SECRET,
      maxLifetimeSeconds: data.AUTH_MAX_TOKEN_LIFETIME,
      jwksUrl: data.AUTH_JWKS_URL,
      issuer: data.AUTH_ISSUER,
      audience: data.AUTH_AUDIENCE,
    },
    /** Undefined: all. */
    allowedOrigins: data.ALLOWED_ORIGINS?.includes('*') ? undefined : data.ALLOWED_ORIGINS,
    metrics: { port: data.METRICS_PORT, token: data.METRICS_TOKEN },
    /** Null: nothing is limited. */
    rateLimits: data.RATE_LIMITS,
    trustedProxies: data.TRUST_PROXY,
    video: toVideoConfig(data),
    exposure: deriveExposure(data),
    persisted: {
      files: data.PERSISTED_DOCUMENTS?.split(',').map((path) => path.trim()) ?? [],
      isListOnly: data.PERSISTED_ONLY,
    },
    logLevel: data.LOG_LEVEL,
  });
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly lines: readonly string[]) {
    super(`The configuration can't be used:\n${lines.map((line) => `  ${line}`).join('\n')}`);
  }
}

// Secrets are not repeated in the message, and neither are URLs, which may contain passwords.
function describe(issue: z.core.$ZodIssue, env: Record<string, string | undefined>): string {
  const variable = issue.path.join('.');
  const value = env[variable];
  const isSecret = /SECRET|URL|KEY|TOKEN$/.test(variable);
  return value === undefined || isSecret
    ? `${variable}: ${issue.message}`
    : `${variable}="${value}": ${issue.message}`;
}

type Variables = z.infer<typeof Environment>;

/** Parts of a node that help a developer, and an attacker as well. */
export interface Exposure {
  /** GraphiQL at /graphql, for browsers. */
  graphiql: boolean;
  introspection: boolean;
  /** "Did you mean" in errors, which tells names of the schema. */
  suggestions: boolean;
  /** Tokens of the demo organization: printed at the start, and used by GraphiQL on the same machine. */
  demoTokens: boolean;
}

/**
 * Everything is shown in development. In production it is hidden, but for what is asked for by its variable; demo tokens are never
 * shown there. Production is any NODE_ENV but `development` and `test`, and a server database where NODE_ENV is not given.
 */
export function deriveExposure(
  env: Partial<
    Pick<
      Variables,
      'NODE_ENV' | 'DATABASE_URL' | 'GRAPHIQL' | 'INTROSPECTION' | 'SUGGESTIONS' | 'PERSISTED_ONLY'
    >
  >,
): Exposure {
  const isDevelopment =
    env.NODE_ENV === undefined
      ? env.DATABASE_URL === undefined
      : ['development', 'test'].includes(env.NODE_ENV);
  return {
    graphiql: env.GRAPHIQL ?? (isDevelopment && !env.PERSISTED_ONLY),
    introspection: env.INTROSPECTION ?? isDevelopment,
    suggestions: env.SUGGESTIONS ?? isDevelopment,
    demoTokens: isDevelopment,
  };
}

// As browsers send it. Apps have schemes of their own, such as capacitor://localhost.
function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  return /^https?:/.test(text) ? new URL(text).origin === text : /^[a-z][a-z0-9+.-]*:\/\/[^/]+$/.test(text);
}

function readRateLimits(value: string, context: z.core.$RefinementCtx) {
  try {
    return parseRateLimits(value);
  } catch (error) {
    if (!(error instanceof RateLimitsError)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
    return z.NEVER;
  }
}

function readTrustedProxies(value: string, context: z.core.$RefinementCtx) {
  const proxies = parseTrustedProxies(value);
  if (proxies !== null) return proxies;
  context.addIssue({
    code: 'custom',
    message:
      'expected the number of proxies in front of this node, 1 to 9, or their networks, such as 10.0.0.0/8,192.168.1.7',
  });
  return z.NEVER;
}

function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}

function url(protocols: readonly string[], example: string) {
  return text.refine((value) => {
    if (!URL.canParse(value)) return false;
    const { protocol, hostname } = new URL(value);
    // The URL of a PostgreSQL socket has no host, but ?host=/path.
    return protocols.includes(protocol) && (hostname !== '' || protocols.includes('postgres:'));
  }, `not an address of the expected form, such as ${example}`);
}
