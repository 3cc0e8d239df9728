import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signGraphiQLToken } from '../../../src/cli/demo-tokens.ts';
import { loadConfig } from '../../../src/config.ts';
import { isLocalPage } from '../../../src/server/http/graphiql-handler.ts';
import { createDatabase, type Database, type Gateway, SECRET, startNode } from '../../support/gateway.ts';

const AUTH = { ...loadConfig({ AUTH_SECRET: SECRET }).auth, secret: SECRET };
const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

let database: Database;
let gateway: Gateway;

beforeAll(async () => {
  database = await createDatabase();
  gateway = await startNode(database, {}, { signDemoToken: () => signGraphiQLToken(AUTH) });
});

afterAll(async () => {
  await gateway.stop();
  await database.drop();
});

interface Got {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

// `fetch` sets Host and decompresses by itself.
function get(path: string, headers: Record<string, string> = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    request(`${gateway.url}${path}`, { headers }, async (response) => {
      const body = Buffer.concat(await response.toArray());
      resolve({ status: response.statusCode, headers: response.headers, body });
    })
      .once('error', reject)
      .end();
  });
}

describe('the page', () => {
  test.each([
    ['br', 'gzip, deflate, br, zstd', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    ['gzip', 'br;q=0, gzip;q=0.5', gunzipSync],
    [undefined, 'gzip;q=0', (body: Buffer) => body],
    [undefined, '', (body: Buffer) => body],
  ])('is sent as %s for the accepted encodings "%s"', async (encoding, accepted, decompress) => {
    const { status, headers, body } = await get('/graphql', { ...HTML, 'accept-encoding': accepted });
    expect([status, headers['content-encoding'], headers['content-type']]).toEqual([
      200,
      encoding,
      'text/html; charset=utf-8',
    ]);
    if (encoding) expect(body.length).toBeLessThan(3_000_000);
    expect(decompress(body).toString()).toContain('YogaGraphiQL.renderYogaGraphiQL');
  });

  test('is not sent again to a browser that has it, also after a restart', async () => {
    const first = await get('/graphql', { ...HTML, 'accept-encoding': 'br' });
    const etag = String(first.headers.etag);
    for (const known of [etag, `"other", ${etag}`]) {
      const { status, body, headers } = await get('/graphql/', { ...HTML, 'if-none-match': known });
      expect([status, body.length, headers.etag]).toEqual([304, 0, etag]);
    }
    expect((await get('/graphql', { ...HTML, 'if-none-match': '"other"' })).status).toBe(200);
    expect(first.headers['cache-control']).toBe('no-cache');
  });

  test('allows its own script and origin alone, and no frames', async () => {
    const { headers } = await get('/graphql', { ...HTML, 'accept-encoding': 'br' });
    const policy = String(headers['content-security-policy']).split('; ');
    expect(policy).toEqual(
      expect.arrayContaining(["default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'"]),
    );
    expect(policy.find((rule) => rule.startsWith('script-src'))).toMatch(/^script-src 'sha256-[\w+/]{43}='$/);
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  test.each(['/graphql', '/graphql?query={__typename}', '/graphql/demo-token'])(
    'a website may not read %s',
    async (path) => {
      for (const origin of ['https://evil.example', 'null', gateway.url]) {
        const { headers } = await get(path, { ...HTML, origin, 'accept-encoding': 'br' });
        expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
        expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      }
    },
  );

  test('holds no token', async () => {
    expect((await get('/graphql', HTML)).body.includes('Bearer ey')).toBe(false);
  });
});

describe('the demo token', () => {
  const port = () => new URL(gateway.url).port;

  test('is given to a page of this server, for an hour', async () => {
    for (const host of [`127.0.0.1:${port()}`, `localhost:${port()}`, `[::1]:${port()}`]) {
      const { status, body, headers } = await get('/graphql/demo-token', { host, origin: `http://${host}` });
      const { token, lifetimeSeconds } = JSON.parse(String(body));
      const { exp = 0, iat = 0 } = decodeJwt(token);
      expect([status, lifetimeSeconds, exp - iat]).toEqual([200, 3_600, 3_600]);
      expect(headers['cache-control']).toBe('no-store');
    }
  });

  test.each<[string, () => Record<string, string>]>([
    ['a name that points to this machine', () => ({ host: `evil.example:${port()}` })],
    ['another port', () => ({ host: '127.0.0.1:1' })],
    ['no port', () => ({ host: 'localhost' })],
    ['a name that begins like a local one', () => ({ host: `localhost.evil.example:${port()}` })],
    ['a foreign origin', () => ({ origin: 'https://evil.example' })],
    ['a sandboxed page', () => ({ origin: 'null' })],
    ['another port of this machine', () => ({ origin: 'http://127.0.0.1:1' })],
    ['a request of another site', () => ({ 'sec-fetch-site': 'cross-site' })],
    ['a request of another port', () => ({ 'sec-fetch-site': 'same-site' })],
    ['a proxy', () => ({ 'x-forwarded-for': '203.0.113.7' })],
    ['a proxy of another kind', () => ({ forwarded: 'for=203.0.113.7' })],
  ])('is refused to %s', async (_who, headers) => {
    const { status, body } = await get('/graphql/demo-token', headers());
    expect([status, JSON.parse(String(body))]).toEqual([
      403,
      { error: expect.stringContaining('same machine') },
    ]);
  });

  test.each([
    ['127.0.0.1', true],
    ['127.8.9.1', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['192.168.1.7', false],
    ['::ffff:10.0.0.1', false],
    ['fe80::1', false],
    [undefined, false],
  ])('from the address %s: %s', (remoteAddress, expected) => {
    const headers = { host: 'localhost:4000' };
    const message = { headers, socket: { remoteAddress, localPort: 4000 } } as unknown as IncomingMessage;
    expect(isLocalPage(message)).toBe(expected);
  });
});
