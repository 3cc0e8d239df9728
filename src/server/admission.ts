import type { IncomingMessage } from 'node:http';
import { connectRedis, type RedisLinkOptions } from '../bus/redis-connection.ts';
import type { Config } from '../config.ts';
import type { CountChange } from '../domain/core/mutation.ts';
import { isTeam, type Viewer } from '../domain/core/viewer.ts';
import { UnauthenticatedError } from '../errors.ts';
import { parseNodeType } from '../ids.ts';
import { createLinks } from '../links.ts';
import type { SubscriptionLimit } from '../live/subscription-limit.ts';
import type { Log } from '../log.ts';
import type { Authenticate, Claims } from './authenticate.ts';
import { type ClientAddress, createClientAddress } from './client-address.ts';
import { createOpenLimit, type OpenLimit } from './open-limit.ts';
import { createRateLimiter, type RateLimiter } from './rate-limiter.ts';

interface AdmissionParts {
  rates: RateLimiter;
  open: OpenLimit;
  addressOf: ClientAddress;
  authenticate: Authenticate;
}

// Names of the shares of one viewer, and of all viewers of the organization that are on the same side.
const CONTACT = { one: 'contact', all: 'contacts' } as const;
const TEAM = { one: 'user', all: 'team' } as const;

export type Admission = ReturnType<typeof createAdmission>;

/** Starts admission as it is configured, with a connection to Redis of its own, if any. */
export function startAdmission({
  config: { redisUrl, rateLimits: limits, trustedProxies },
  authenticate,
  log,
  links = createLinks(log),
  answerTimeoutMs,
}: {
  config: Config;
  authenticate: Authenticate;
  log: Log;
} & RedisLinkOptions) {
  const connect = (url: string) => {
    const link = links.add('redis.rates', 'each node limits by itself');
    return connectRedis(url, { role: 'commands', link, answerTimeoutMs });
  };
  const redis = redisUrl && limits ? connect(redisUrl) : null;
  const rates = createRateLimiter({ limits, redis, log });
  const onUntrusted = () =>
    log.warn(
      'requests come through a proxy: set TRUST_PROXY, or all its clients share the limits of one address',
    );
  const addressOf = createClientAddress(trustedProxies, { onUntrusted });
  const admission = createAdmission({ rates, open: createOpenLimit(limits), addressOf, authenticate });
  return {
    ...admission,
    // Connections from a proxy are those of all its clients.
    openConnection: trustedProxies === undefined ? admission.openConnection : undefined,
    stop() {
      rates.stop();
      redis?.disconnect();
    },
  };
}

/**
 * Counts what addresses, viewers and organizations ask for, and refuses what is beyond their shares: with RateLimitedError, or with
 * TooManyOpenError for what stays open.
 */
export function createAdmission({ rates, open, addressOf, authenticate }: AdmissionParts) {
  /** Counts an operation of an authenticated viewer, before it is parsed. */
  async function countOperation(claims: Pick<Claims, 'sub' | 'org'>) {
    const { one, all } = shareOf(claims.sub);
    await rates.consume(`${one}.operations`, keyOf(claims));
    await rates.consume(`${all}.operations`, claims.org);
  }

  const countFailure = (address: string) => rates.consume('address.failures', address);

  async function countViewer(what: 'cost' | 'mutations', viewer: Viewer, points: number) {
    const { one, all } = isTeam(viewer) ? TEAM : CONTACT;
    await rates.consume(`${one}.${what}`, keyOf({ sub: viewer.id, org: viewer.organizationId }), points);
    await rates.consume(`${all}.${what}`, viewer.organizationId, points);
  }

  const countCost = (viewer: Viewer, points: number) => countViewer('cost', viewer, Math.ceil(points));

  const countChange: CountChange = async (viewer, mutation) => {
    await countViewer('mutations', viewer, 1);
    if (mutation !== 'createConversation' || isTeam(viewer)) return;
    await rates.consume('contact.conversations', keyOf({ sub: viewer.id, org: viewer.organizationId }));
  };

  const subscriptions: SubscriptionLimit = {
    openSubscription(viewer) {
      const { one, all } = isTeam(viewer) ? TEAM : CONTACT;
      return open.acquire([
        [`${one}.subscriptions`, viewer.id],
        [`${all}.subscriptions`, viewer.organizationId],
      ]);
    },
    openSearch: (viewer) =>
      isTeam(viewer) ? () => undefined : open.acquire([['contact.searches', viewer.id]]),
    countFrame: countCost,
  };

  return {
    addressOf,
    countOperation,
    /** Counts a token that can't be used. */
    countFailure,
    countChange,
    subscriptions,
    /** Counts a request over HTTP, before its body is parsed. A token that can't be used fails the operation later. */
    async countRequest(request: IncomingMessage) {
      const claims = await readClaims(authenticate, request);
      if (claims === 'unusable') await countFailure(addressOf(request));
      else if (claims) await countOperation(claims);
      else await rates.consume('address.operations', addressOf(request));
    },
    countHandshake: (request: IncomingMessage) => rates.consume('address.handshakes', addressOf(request)),
    /** Counts what an operation costs, before it is executed. */
    countCost,
    /** Counts a connection, of whatever protocol, until the returned function is called. */
    openConnection: ({ socket }: Pick<IncomingMessage, 'socket'>) =>
      open.acquire([['address.connections', addressOf({ socket, headers: {} })]]),
    /** Counts a websocket or an event stream of an address until the returned function is called. */
    openSocketOfAddress: (request: IncomingMessage) =>
      open.acquire([['address.sockets', addressOf(request)]]),
    /** Counts a websocket or an event stream of a viewer until the returned function is called. */
    openSocket({ sub, org }: Pick<Claims, 'sub' | 'org'>) {
      const { one, all } = shareOf(sub);
      return open.acquire([
        [`${one}.sockets`, sub],
        [`${all}.sockets`, org],
      ]);
    },
  };
}

function shareOf(sub: string) {
  return parseNodeType(sub) === 'Contact' ? CONTACT : TEAM;
}

function keyOf({ sub, org }: Pick<Claims, 'sub' | 'org'>): string {
  return `${org} ${sub}`;
}

/** Claims of the request's token; null without one. Any failure but that of the token is left to the operation. */
async function readClaims(
  authenticate: Authenticate,
  { headers }: IncomingMessage,
): Promise<Claims | 'unusable' | null> {
  try {
    return await authenticate(headers.authorization);
  } catch (error) {
    return error instanceof UnauthenticatedError ? 'unusable' : null;
  }
}
