import { createRoomName, LINK_LIFETIME_SECONDS, type VideoProvider } from './provider.ts';

export interface LiveKitOptions {
  /** URL of the LiveKit server, to which the page of the call connects: wss://… */
  url: string;
  apiKey: string;
  apiSecret: string;
  /** URL of the page of the call, such as LiveKit Meet. */
  meetUrl: string;
}

/** Rooms of a LiveKit server. Links open them in LiveKit Meet. */
export function createLiveKit({ url, apiKey, apiSecret, meetUrl }: LiveKitOptions): VideoProvider {
  return {
    name: 'livekit',
    createRoomName: createRoomName,
    async createJoinUrl(room, { id, name }, { isModerator }) {
      // Loading takes a quarter of a second, and most gateways have no LiveKit.
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
