import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import {
  type CallParticipant,
  createRoomName,
  LINK_LIFETIME_SECONDS,
  type VideoProvider,
} from './provider.ts';

export interface JitsiOptions {
  /** Base URL of rooms: https://meet.example.com, or https://8x8.vc/<app id>. */
  url: string;
  /** Without an app id, rooms are open to everyone who has the link. */
  appId?: string | undefined;
  /** Private key in PEM of an app of 8x8 (JaaS); needs `keyId`. */
  privateKey?: string | undefined;
  keyId?: string | undefined;
  /** Shared secret of an app on a self-hosted server. */
  appSecret?: string | undefined;
}

/** Rooms of a self-hosted Jitsi server or of 8x8 (JaaS). */
export function createJitsi(options: JitsiOptions): VideoProvider {
  const sign = createSigner(options);
  return {
    name: 'jitsi',
    createRoomName: createRoomName,
    async createJoinUrl(room, person, { isModerator }) {
      const url = new URL(options.url);
      url.pathname = `${url.pathname.replace(/\/$/, '')}/${encodeURIComponent(room)}`;
      if (sign)
        url.searchParams.set('jwt', await sign({ room, context: toJitsiContext(person, isModerator) }));
      return url.href;
    },
  };
}

type Sign = (claims: Record<string, unknown>) => Promise<string>;

function createSigner({ url, appId, privateKey, keyId, appSecret }: JitsiOptions): Sign | null {
  if (!appId) return null;
  if (privateKey) {
    const key = createPrivateKey(privateKey);
    return (claims) =>
      new SignJWT({ ...claims, aud: 'jitsi', iss: 'chat', sub: appId, ...createValidity() })
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(keyId ? { kid: keyId } : {}) })
        .sign(key);
  }
  if (!appSecret) return null;
  const secret = new TextEncoder().encode(appSecret);
  return (claims) =>
    new SignJWT({ ...claims, aud: appId, iss: appId, sub: new URL(url).hostname, ...createValidity() })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .sign(secret);
}

// Jitsi rejects booleans here.
function toJitsiContext({ id, name }: CallParticipant, isModerator: boolean) {
  return {
    user: {
      id,
      name,
      moderator: isModerator ? 'true' : 'false',
    },
  };
}

// Tolerates a server whose clock is a minute behind.
function createValidity() {
  const now = Math.floor(Date.now() / 1000);
  return { nbf: now - 60, exp: now + LINK_LIFETIME_SECONDS };
}
