import { createMemoryBus } from './bus/bus-memory.ts';
import { connectRedisBus } from './bus/bus-redis.ts';
import { guardListeners } from './bus/guarded-bus.ts';
import type { Config } from './config.ts';
import type { Db, OnStatement } from './db/client.ts';
import { openEmbedded } from './db/embedded.ts';
import { connectServer } from './db/server.ts';
import { createContacts } from './domain/contact/contact.ts';
import { createConversations } from './domain/conversation/conversation.ts';
import { unsnoozeDue } from './domain/conversation/unsnooze.ts';
import { startMaintenance } from './domain/core/maintenance.ts';
import { createRecordChange } from './domain/core/mutation.ts';
import { createViewers } from './domain/core/viewer.ts';
import { createViewerChanges } from './domain/core/viewer-change.ts';
import { createSetAvailability } from './domain/directory/availability.ts';
import { createDirectory } from './domain/directory/directory.ts';
import { compactCounts } from './domain/inbox/counts.ts';
import { createInboxCounts } from './domain/inbox/live-counts.ts';
import { createSubscriptionSources } from './domain/inbox/subscription-source.ts';
import { createMessages } from './domain/message/send.ts';
import { createVideoCalls } from './domain/message/video-call.ts';
import { createActivityRules } from './domain/presence/activity.ts';
import { createPresenceSource } from './domain/presence/presence.ts';
import { rotateEpochsIfCloned } from './feed/epoch.ts';
import { createFeed, type Feed } from './feed/feed.ts';
import { deleteExpiredKeys } from './feed/idempotency.ts';
import type { Services } from './graphql/core/context.ts';
import { createLifecycle, type Lifecycle } from './lifecycle.ts';
import { createLinks, type Links } from './links.ts';
import { createSubscriptionEngine } from './live/engine.ts';
import type { Log } from './log.ts';
import { createActivities } from './presence/activity.ts';
import { createMemoryActivityStore } from './presence/activity-memory.ts';
import { connectRedisActivityStore } from './presence/activity-redis.ts';
import { createMemoryPresence } from './presence/presence-memory.ts';
import { connectRedisPresence } from './presence/presence-redis.ts';
import { startAdmission } from './server/admission.ts';
import { createAuthentication } from './server/authenticate.ts';
import { createConnections } from './server/connections.ts';
import { createGraphQLServer, maskError } from './server/graphql-server.ts';
import { createGraphiQLHandler, type DemoToken } from './server/http/graphiql-handler.ts';
import { createGraphQLHandler } from './server/http/graphql-handler.ts';
import { createHealthHandler } from './server/http/health.ts';
import { createHttpServer, type HttpHandler } from './server/http/http-server.ts';
import { createMetricsHandlers } from './server/http/metrics.ts';
import { createOriginRule } from './server/http/origin-rule.ts';
import { createPersistedDocuments } from './server/persisted-documents.ts';
import { readPersistedList } from './server/persisted-list.ts';
import { startWebSocketServer } from './server/websocket/websocket-server.ts';
import { createJitsi } from './video/jitsi.ts';
import { createLiveKit } from './video/livekit.ts';

const SHUTDOWN_TIMEOUT_MS = 10_000;
// Time for clients to answer the close frame of their websocket.
const SHUTDOWN_GRACE_MS = 2_000;

export interface AppOptions {
  log: Log;
  /** An open database. It is closed with the app. */
  db?: Db;
  onStatement?: OnStatement;
  /** Runs before the server listens, such as to seed an empty database. */
  prepare?: (parts: { db: Db; feed: Feed }) => Promise<void>;
  /** Signs a token of the demo for GraphiQL on this machine. Undefined where there are none. */
  signDemoToken?: (() => Promise<DemoToken>) | undefined;
  /** Interval of the heartbeat of websockets. @default 7000 */
  pingIntervalMs?: number;
  /** Time in which a websocket must send connection_init. @default 5000 */
  initTimeoutMs?: number;
  /** Interval at which the keys of the identity provider are loaded again. @default 30000 */
  keyRefreshIntervalMs?: number;
  /** Interval at which the viewers of open connections are read again. @default 60000 */
  connectionCheckIntervalMs?: number;
  /** Interval at which the log is polled for events that the bus lost. @default 2000 */
  headPollIntervalMs?: number;
  /** Time in which Redis and PostgreSQL must answer; a connection that does not is made anew. @default 2000 */
  answerTimeoutMs?: number;
}

export interface App {
  /** Base URL, such as http://127.0.0.1:4000. */
  readonly url: string;
  /** Base URL of the server for /metrics; null where it has no port of its own. */
  readonly metricsUrl: string | null;
  readonly db: Db;
  readonly feed: Feed;
  /** Refuses new connections, answers the requests in flight, and stops all components. False when one failed, or at the timeout. */
  stop(): Promise<boolean>;
  /** Lets a stop, begun or to come, wait for no client: half a request is refused, and websockets are cut off. */
  hurry(): void;
}

/** Composition root: builds the components from the lowest layer up, and listens. When a step fails, those before are stopped. */
export async function startApp(config: Config, options: AppOptions): Promise<App> {
  const { log } = options;
  const lifecycle = createLifecycle(log);
  const hurry = new AbortController();
  try {
    const { answerTimeoutMs } = options;
    const links = createLinks(log);
    const linkOptions = { links, answerTimeoutMs };
    const db = options.db ?? (await openDb(config, { ...options, links }));
    lifecycle.onStop('database', () => db.close());

    const bus = guardListeners(
      config.redisUrl ? connectRedisBus(config.redisUrl, log, linkOptions) : createMemoryBus(),
      log,
    );
    lifecycle.onStop('bus', () => bus.stop());

    const presence = config.redisUrl
      ? connectRedisPresence({ url: config.redisUrl, bus, log, ...linkOptions })
      : createMemoryPresence(log);
    lifecycle.onStop('presence', () => presence.stop());

    const store = config.redisUrl
      ? connectRedisActivityStore(config.redisUrl, log, linkOptions)
      : createMemoryActivityStore();
    const activities = createActivities({ store, bus, log });
    lifecycle.onStop('activity', () => activities.stop());

    const viewers = createViewers({ db, bus });
    const viewerChanges = createViewerChanges({ bus, viewers, log });
    lifecycle.onStop('viewer changes', await viewerChanges.start());

    const { headPollIntervalMs } = options;
    const feed = createFeed({ db, bus, log, onCommit: viewerChanges.announce, headPollIntervalMs });
    lifecycle.onStop('feed', () => feed.stop());

    if (await rotateEpochsIfCloned(db)) {
      log.warn(
        'this database is a copy of the one at the last start: the epoch has changed, and subscribers must load again',
      );
    }
    await options.prepare?.({ db, feed });

    const { keyRefreshIntervalMs: refreshIntervalMs } = options;
    const authentication = createAuthentication(config.auth, { log, refreshIntervalMs });
    lifecycle.onStop('authentication', () => authentication.stop());
    const { authenticate } = authentication;
    const connections = createConnections(authentication);
    lifecycle.onStop('connections', () => connections.stop());
    authentication.onKeysRevoked(connections.endRevokedKeys);
    viewerChanges.onRevoked(({ viewerId }) => connections.endViewers([viewerId]));

    const maintenance = startMaintenance({
      log,
      jobs: [
        { name: 'unsnooze conversations', intervalMs: 1_000, run: () => unsnoozeDue({ db, feed }) },
        { name: 'delete expired idempotency keys', intervalMs: 60_000, run: () => deleteExpiredKeys(db) },
        { name: 'compact counts', intervalMs: 10_000, run: () => compactCounts(db) },
        {
          // The bus tells at once, unless it has lost that.
          name: 'end connections of revoked viewers',
          intervalMs: options.connectionCheckIntervalMs ?? 60_000,
          run: async () => connections.endViewers(await viewers.findRevoked(connections.viewerIds())),
        },
      ],
    });
    lifecycle.onStop('maintenance', () => maintenance.stop());

    const documents = createPersistedDocuments({
      list: await readPersistedList(config.persisted.files),
      isListOnly: config.persisted.isListOnly,
    });
    const admission = startAdmission({ config, authenticate, log, ...linkOptions });
    lifecycle.onStop('admission', () => admission.stop());
    const recordChange = createRecordChange({ feed, countChange: admission.countChange });
    const services: Services = {
      db: db.reads,
      feed,
      conversations: createConversations({ recordChange }),
      messages: createMessages({ recordChange }),
      videoCalls: createVideoCalls({ db, recordChange, provider: createVideoProvider(config.video) }),
      contacts: createContacts({ recordChange }),
      setAvailability: createSetAvailability({ recordChange }),
      directory: createDirectory({ recordChange }),
      subscriptionSources: createSubscriptionSources({ db }),
      presence,
      activity: createActivityRules({ db, activities }),
      counts: createInboxCounts({ db, log }),
      presenceSource: createPresenceSource({ db, presence, log }),
    };
    const live = createSubscriptionEngine({
      services,
      feed,
      viewers,
      limit: admission.subscriptions,
      mask: (error) => maskError(error, log),
      hideSuggestions: !config.exposure.suggestions,
    });
    lifecycle.onStop('live', () => live.stop());

    const graphql = createGraphQLServer({
      services,
      live,
      presence,
      connections,
      viewers,
      authenticate,
      admission,
      log,
      exposure: config.exposure,
      documents,
    });
    lifecycle.onStop('graphql', () => graphql.dispose());

    const origins = createOriginRule(config.allowedOrigins);
    const handleGraphQL = createGraphQLHandler({ graphql, documents, admission, origins, log });
    const handleGraphiQL = config.exposure.graphiql
      ? createGraphiQLHandler({ signDemoToken: options.signDemoToken })
      : () => null;
    const http = createHttpServer({
      handle: (request, response) =>
        handleHealth(request, response) ??
        metrics.handlePublic(request, response) ??
        handleGraphiQL(request, response) ??
        handleGraphQL(request, response),
      openConnection: admission.openConnection,
      log,
    });
    const webSocket = startWebSocketServer({
      http,
      graphql,
      documents,
      live,
      viewers,
      authenticate,
      connections,
      presence,
      admission,
      origins,
      pingIntervalMs: options.pingIntervalMs,
      initTimeoutMs: options.initTimeoutMs,
      log,
    });
    const handleHealth = createHealthHandler({ db, bus, links, feed });
    const metrics = createMetricsHandlers({ config, db, links, feed, countSockets: webSocket.count });

    const metricsUrl = await listenForMetrics(metrics.handlePrivate, { config, log, lifecycle });
    const url = await http.listen(config.port, config.host);
    lifecycle.onStop('server', async () => {
      // New connections are refused while the open ones are closed.
      const drained = http.drain(hurry.signal);
      await webSocket.stop(SHUTDOWN_GRACE_MS, hurry.signal);
      await drained;
    });
    const stop = () => lifecycle.stop(SHUTDOWN_TIMEOUT_MS);
    return { url, metricsUrl, db, feed, stop, hurry: () => hurry.abort() };
  } catch (error) {
    await lifecycle.stop(SHUTDOWN_TIMEOUT_MS);
    throw error;
  }
}

/** Serves /metrics at a port of its own, if one is configured. */
async function listenForMetrics(
  handle: HttpHandler,
  { config, log, lifecycle }: { config: Config; log: Log; lifecycle: Lifecycle },
): Promise<string | null> {
  if (config.metrics.port === undefined) return null;
  const server = createHttpServer({ handle, log });
  const url = await server.listen(config.metrics.port, config.host);
  lifecycle.onStop('metrics', () => server.drain());
  return url;
}

/** Null when no video service is configured. */
function createVideoProvider(video: Config['video']) {
  if (video?.jitsi) return createJitsi(video.jitsi);
  return video?.livekit ? createLiveKit(video.livekit) : null;
}

/** Opens the configured PostgreSQL server, or the embedded database, and applies missing migrations. */
export function openDb(
  config: Config,
  { log, ...options }: Pick<AppOptions, 'log' | 'onStatement' | 'answerTimeoutMs'> & { links?: Links },
): Promise<Db> {
  return config.databaseUrl
    ? connectServer({ url: config.databaseUrl, log, ...options })
    : openEmbedded({ folder: config.dataDir, onStatement: options.onStatement, log });
}
