import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import {
  type CallParticipant,
  createRoomName,
  LINK_LIFETIME_SECONDS,
  type VideoProvider,
} from './provider.ts';

export interface JitsiOptions {
  /** Where rooms are: https://meet.example.com, or https://8x8.vc/<app id>. */
  url: string;
  /** Without it rooms are open to whoever knows their name. */
  appId?: string | undefined;
  /** Of an app of 8x8 (JaaS): its private key in PEM, and the id of that key. */
  privateKey?: string | undefined;
  keyId?: string | undefined;
  /** Of a server of one's own: the secret that it shares with the app. */
  appSecret?: string | undefined;
}

/** Rooms of a Jitsi server, or of Jitsi as a service. */
export function createJitsi(options: JitsiOptions): VideoProvider {
  const sign = signerOf(options);
  return {
    name: 'jitsi',
    createRoomName: createRoomName,
    async createJoinUrl(room, person, { isModerator }) {
      const url = new URL(options.url);
      url.pathname = `${url.pathname.replace(/\/$/, '')}/${encodeURIComponent(room)}`;
      if (sign) url.searchParams.set('jwt', await sign({ room, context: contextOf(person, isModerator) }));
      return url.href;
    },
  };
}

type Sign = (claims: Record<string, unknown>) => Promise<string>;

function signerOf({ url, appId, privateKey, keyId, appSecret }: JitsiOptions): Sign | null {
  if (!appId) return null;
  if (privateKey) {
    const key = createPrivateKey(privateKey);
    return (claims) =>
      new SignJWT({ ...claims, aud: 'jitsi', iss: 'chat', sub: appId, ...times() })
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(keyId ? { kid: keyId } : {}) })
        .sign(key);
  }
  if (!appSecret) return null;
  const secret = new TextEncoder().encode(appSecret);
  return (claims) =>
    new SignJWT({ ...claims, aud: appId, iss: appId, sub: new URL(url).hostname, ...times() })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .sign(secret);
}

// Jitsi takes texts, numbers and null here; a boolean it refuses.
function contextOf({ id, name, email, avatarUrl }: CallParticipant, isModerator: boolean) {
  return {
    user: {
      id,
      name,
      ...(email ? { email } : {}),
      ...(avatarUrl ? { avatar: avatarUrl } : {}),
      moderator: isModerator ? 'true' : 'false',
    },
  };
}

// A clock that is a little behind takes it, too.
function times() {
  const now = Math.floor(Date.now() / 1000);
  return { nbf: now - 60, exp: now + LINK_LIFETIME_SECONDS };
}
