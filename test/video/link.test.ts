import { generateKeyPairSync } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { createJitsi } from '../../src/video/jitsi.ts';
import { createLiveKit } from '../../src/video/livekit.ts';

// A row of the database has more than the others in the call may read.
const row = { email: 'ana@example.com', avatarUrl: 'https://example.com/ana.png' };
const ana = { id: 'USR-1', name: 'Ana', ...row };
const guest = { id: 'CTC-1', name: 'Dora' };
const secretOf = (text: string) => new TextEncoder().encode(text);
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

test('names of rooms are unique, and contain nothing but the id of the call', () => {
  for (const provider of [
    createJitsi({ url: 'https://meet.example.com' }),
    createLiveKit({ url: 'wss://a', apiKey: 'k', apiSecret: 's', meetUrl: 'https://b' }),
  ]) {
    const rooms = Array.from({ length: 100 }, () => provider.createRoomName('MSG-1'));
    expect(new Set(rooms).size).toBe(100);
    for (const room of rooms) expect(room).toMatch(/^msg-1-[0-9a-f]{40}$/);
  }
});

test.each([
  ['https://meet.example.com', 'https://meet.example.com/room'],
  ['https://meet.example.com/', 'https://meet.example.com/room'],
  ['https://example.com/calls/', 'https://example.com/calls/room'],
])('a Jitsi server at %s without an app gets links without a token', async (url, expected) => {
  expect(await createJitsi({ url }).createJoinUrl('room', ana, { isModerator: true })).toBe(expected);
});

test('links to a self-hosted Jitsi server have a token signed with the secret of the app', async () => {
  const jitsi = createJitsi({ url: 'https://meet.example.com', appId: 'parley', appSecret: 'secret' });
  const link = new URL(await jitsi.createJoinUrl('room', guest, { isModerator: false }));
  expect(link.origin + link.pathname).toBe('https://meet.example.com/room');
  const token = link.searchParams.get('jwt') ?? '';
  const { payload } = await jwtVerify(token, secretOf('secret'), { algorithms: ['HS256'] });
  expect(payload).toMatchObject({ iss: 'parley', aud: 'parley', sub: 'meet.example.com', room: 'room' });
  expect(payload.context).toEqual({ user: { id: 'CTC-1', name: 'Dora', moderator: 'false' } });
});

test('links to 8x8 (JaaS) have a token signed with the key of the app, valid for two hours', async () => {
  const options = { url: 'https://8x8.vc/vpaas-1', appId: 'vpaas-1', privateKey: PEM, keyId: 'vpaas-1/abc' };
  const link = new URL(await createJitsi(options).createJoinUrl('room', ana, { isModerator: true }));
  expect(link.origin + link.pathname).toBe('https://8x8.vc/vpaas-1/room');
  const token = link.searchParams.get('jwt') ?? '';
  expect(decodeProtectedHeader(token)).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'vpaas-1/abc' });
  const { payload } = await jwtVerify(token, publicKey, { algorithms: ['RS256'] });
  expect(payload).toMatchObject({ aud: 'jitsi', iss: 'chat', sub: 'vpaas-1', room: 'room' });
  expect(payload.context).toEqual({ user: { id: 'USR-1', name: 'Ana', moderator: 'true' } });
  const left = (payload.exp ?? 0) - Date.now() / 1000;
  expect(left).toBeGreaterThan(7_100);
  expect(left).toBeLessThanOrEqual(7_200);
});

test('links to LiveKit have an access token for this room and this participant', async () => {
  const options = {
    url: 'wss://lk.example.com',
    apiKey: 'key',
    apiSecret: 'secret',
    meetUrl: 'https://meet.example.com/',
  };
  for (const [person, isModerator] of [
    [ana, true],
    [guest, false],
  ] as const) {
    const link = new URL(await createLiveKit(options).createJoinUrl('room', person, { isModerator }));
    expect(link.origin + link.pathname).toBe('https://meet.example.com/custom');
    expect(link.searchParams.get('liveKitUrl')).toBe('wss://lk.example.com');
    const token = link.searchParams.get('token') ?? '';
    const { payload } = await jwtVerify(token, secretOf('secret'), { issuer: 'key', subject: person.id });
    expect(payload).toMatchObject({ name: person.name });
    expect(payload.video).toEqual({
      roomJoin: true,
      room: 'room',
      ...(isModerator ? { roomAdmin: true } : {}),
    });
    expect(payload.exp).toBeDefined();
  }
});

const LIVEKIT = { LIVEKIT_URL: 'wss://lk.example.com', LIVEKIT_API_KEY: 'k', LIVEKIT_API_SECRET: 's' };
const JITSI = { JITSI_URL: 'https://meet.example.com' };

test.each<[Record<string, string>, object | undefined]>([
  [{}, undefined],
  [JITSI, { jitsi: { url: JITSI.JITSI_URL } }],
  [{ ...JITSI, JITSI_APP_ID: 'a', JITSI_APP_SECRET: 's' }, { jitsi: { appId: 'a', appSecret: 's' } }],
  [
    { ...JITSI, JITSI_APP_ID: 'a', JITSI_KEY_ID: 'a/1', JITSI_PRIVATE_KEY: PEM.replaceAll('\n', '\\n') },
    { jitsi: { privateKey: PEM, keyId: 'a/1' } },
  ],
  [LIVEKIT, { livekit: { url: LIVEKIT.LIVEKIT_URL, meetUrl: 'https://meet.livekit.io' } }],
  [{ ...LIVEKIT, LIVEKIT_MEET_URL: 'https://b.example' }, { livekit: { meetUrl: 'https://b.example' } }],
])('a complete configuration is accepted', (env, video) => {
  if (video) expect(loadConfig(env).video).toMatchObject(video);
  else expect(loadConfig(env).video).toBeUndefined();
});

test.each<[Record<string, string>, string[]]>([
  [{ JITSI_APP_ID: 'a' }, ['JITSI_URL', 'JITSI_APP_SECRET']],
  [{ ...JITSI, JITSI_APP_ID: 'a' }, ['JITSI_APP_SECRET']],
  [{ ...JITSI, JITSI_APP_SECRET: 's' }, ['JITSI_APP_ID']],
  [{ ...JITSI, JITSI_PRIVATE_KEY: PEM }, ['JITSI_APP_ID', 'JITSI_KEY_ID']],
  [{ ...JITSI, JITSI_APP_ID: 'a', JITSI_KEY_ID: 'k' }, ['JITSI_PRIVATE_KEY']],
  [
    { ...JITSI, JITSI_APP_ID: 'a', JITSI_KEY_ID: 'k', JITSI_PRIVATE_KEY: PEM, JITSI_APP_SECRET: 's' },
    ['JITSI_APP_SECRET'],
  ],
  [{ ...JITSI, JITSI_PRIVATE_KEY: 'no key' }, ['JITSI_PRIVATE_KEY', 'JITSI_APP_ID', 'JITSI_KEY_ID']],
  [{ JITSI_URL: 'meet.example.com' }, ['JITSI_URL']],
  [{ LIVEKIT_URL: LIVEKIT.LIVEKIT_URL }, ['LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET']],
  [{ LIVEKIT_API_KEY: 'k', LIVEKIT_MEET_URL: 'https://b' }, ['LIVEKIT_URL']],
  [{ ...JITSI, ...LIVEKIT }, ['LIVEKIT_URL']],
])(
  'an incomplete or contradictory configuration is rejected with all mistakes, without repeating secrets',
  (env, variables) => {
    let message = '';
    try {
      loadConfig(env);
    } catch (error) {
      message = String(error);
    }
    expect(
      message
        .split('\n')
        .slice(1)
        .map((line) => line.trim().split(':')[0]),
    ).toEqual(variables);
    expect(message).not.toContain(env.JITSI_PRIVATE_KEY ?? 'no such thing');
    expect(message).not.toContain('"s"');
  },
);
