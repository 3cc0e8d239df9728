import {
  DriverAdapterError,
  type SqlDriverAdapterFactory,
  type SqlQuery,
} from '@prisma/driver-adapter-utils';
import { LRUCache } from 'lru-cache';
import { BusyError } from '../errors.ts';
import { isBrokenConnection, isPoolTimeout } from './failure.ts';
import type { OrganizationShares } from './organization-share.ts';

const CACHE_MAX = 1_000;
// Statements that name no organization, such as a health check, have one share together.
const NO_ORGANIZATION = '';
const NONE = 0;

/**
 * The adapter with a share of the pool's connections for each organization, taken per statement: an operation of 20 aliases sends 20 statements
 * at once. The organization is the value that the statement compares with "organizationId", or with the id of the organization's own row; every
 * statement of an operation does.
 * A statement that gets no connection in time fails as one does when PostgreSQL has too many connections.
 */
export function withReadShares(
  factory: SqlDriverAdapterFactory,
  runInShare: OrganizationShares,
): SqlDriverAdapterFactory {
  const organizationOf = createOrganizationReader();
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    async connect() {
      const adapter = await factory.connect();
      const queryRaw = adapter.queryRaw.bind(adapter);
      adapter.queryRaw = (query) =>
        runInShare(organizationOf(query), () => queryRaw(query)).catch(throwTooManyConnections);
      return adapter;
    },
  };
}

/** Reads from a statement which organization it is for; '' where it names none. */
export function createOrganizationReader() {
  // Numbers of the parameters, by statement text.
  const parameters = new LRUCache<string, number>({ max: CACHE_MAX });

  return function organizationOf({ sql, args }: Pick<SqlQuery, 'sql' | 'args'>): string {
    let number = parameters.get(sql);
    if (number === undefined) {
      number = findParameter(sql);
      parameters.set(sql, number);
    }
    const value = number === NONE ? undefined : args[number - 1];
    return typeof value === 'string' ? value : NO_ORGANIZATION;
  };
}

function findParameter(sql: string): number {
  const pattern = sql.includes('FROM "public"."Organization" AS "t0"')
    ? /"t0"\."id" = \$(\d+)/
    : /"organizationId" = \$(\d+)/;
  return Number(pattern.exec(sql)?.[1] ?? NONE);
}

// Prisma passes on the errors of adapters alone.
function throwTooManyConnections(error: unknown): never {
  const isUnavailable = error instanceof BusyError || isPoolTimeout(error) || isBrokenConnection(error);
  if (!isUnavailable) throw error;
  const { message } = error as Error;
  throw new DriverAdapterError({
    kind: 'TooManyConnections',
    cause: message,
    originalCode: '53300',
    originalMessage: message,
  });
}
