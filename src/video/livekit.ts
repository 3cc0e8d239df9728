import { SignJWT } from 'jose';
import { LINK_LIFETIME_SECONDS, nameRoom, type VideoProvider } from './provider.ts';

export interface LiveKitOptions {
  /** The server that the page of the call connects to: wss://… */
  url: string;
  apiKey: string;
  apiSecret: string;
  /** The page of the call. */
  meetUrl: string;
}

/** Rooms of a LiveKit server, in a page such as LiveKit Meet. */
export function createLiveKit({ url, apiKey, apiSecret, meetUrl }: LiveKitOptions): VideoProvider {
  const secret = new TextEncoder().encode(apiSecret);
  return {
    name: 'livekit',
    createRoom: nameRoom,
    async joinUrl(room, { id, name }, { isModerator }) {
      // An access token, as LiveKit describes it.
      const token = await new SignJWT({
        name,
        video: { roomJoin: true, room, ...(isModerator ? { roomAdmin: true } : {}) },
      })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setIssuer(apiKey)
        .setSubject(id)
        .setNotBefore('-1 minute')
        .setExpirationTime(`${LINK_LIFETIME_SECONDS} seconds`)
        .sign(secret);
      const page = new URL(meetUrl);
      page.pathname = `${page.pathname.replace(/\/$/, '')}/custom`;
      page.searchParams.set('liveKitUrl', url);
      page.searchParams.set('token', token);
      return page.href;
    },
  };
}
