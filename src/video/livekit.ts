import { createRoomName, LINK_LIFETIME_SECONDS, type VideoProvider } from './provider.ts';

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
  return {
    name: 'livekit',
    createRoomName: createRoomName,
    async createJoinUrl(room, { id, name }, { isModerator }) {
      // Loaded with the first link: most gateways have no LiveKit, and it takes a quarter of a second.
      const { AccessToken } = await import('livekit-server-sdk');
      const token = new AccessToken(apiKey, apiSecret, { identity: id, name, ttl: LINK_LIFETIME_SECONDS });
      token.addGrant({ roomJoin: true, room, ...(isModerator ? { roomAdmin: true } : {}) });
      const page = new URL(meetUrl);
      page.pathname = `${page.pathname.replace(/\/$/, '')}/custom`;
      page.searchParams.set('liveKitUrl', url);
      page.searchParams.set('token', await token.toJwt());
      return page.href;
    },
  };
}
