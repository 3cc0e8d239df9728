import type { Authentication, Claims } from './authenticate.ts';
import { createTokenExpiry } from './token-expiry.ts';

/** Reason for which the server ends the access of an open connection. */
export type AccessEnd = 'tokenExpired' | 'keyRevoked' | 'viewerRevoked';

/** A websocket or an event stream of an authenticated viewer. */
export interface OpenConnection {
  endAccess(reason: AccessEnd): void;
}

export type Connections = ReturnType<typeof createConnections>;

/** Open connections over all transports. They end with their token: at `exp`, with its key, and with its viewer. */
export function createConnections({ isKeyValid }: Pick<Authentication, 'isKeyValid'>) {
  const open = new Map<OpenConnection, Claims>();
  const expiry = createTokenExpiry((connection: OpenConnection) => connection.endAccess('tokenExpired'));

  function endWhere(matches: (claims: Claims) => boolean, reason: AccessEnd) {
    // A copy: connections are removed meanwhile.
    for (const [connection, claims] of [...open]) if (matches(claims)) connection.endAccess(reason);
  }

  return {
    /** Returns a function that removes the connection again. */
    add(connection: OpenConnection, claims: Claims): () => void {
      open.set(connection, claims);
      expiry.add(connection, claims.exp);
      // Its key may have been revoked since the token was verified.
      if (!isKeyValid(claims)) queueMicrotask(() => connection.endAccess('keyRevoked'));
      return () => {
        open.delete(connection);
        expiry.delete(connection);
      };
    },
    /** Call after the identity provider has revoked keys. */
    endRevokedKeys: () => endWhere((claims) => !isKeyValid(claims), 'keyRevoked'),
    /** Ids of the viewers who have connections. */
    viewerIds: () => [...new Set([...open.values()].map(({ sub }) => sub))],
    /** Call after these viewers were removed or blocked. */
    endViewers(ids: readonly string[]) {
      const revoked = new Set(ids);
      if (revoked.size > 0) endWhere(({ sub }) => revoked.has(sub), 'viewerRevoked');
    },
    stop: () => expiry.stop(),
  };
}
