import { describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { createDatabase, type Gateway, startNode } from '../../support/gateway.ts';

const HERE = 'https://inbox.example.com';
const APP = 'capacitor://localhost';
const FOREIGN = 'https://evil.example.com';
const BODY = '{"query":"{ __typename }"}';
const JSON_TYPE = { 'content-type': 'application/json' };

type Send = (to: Gateway, headers: Record<string, string>) => Promise<Response>;

// Each kind of answer: of the fast path, of Yoga, a refusal, an event stream, a preflight.
const ANSWERS: [string, Send][] = [
  [
    'a query',
    ({ url }, headers) =>
      fetch(`${url}/graphql`, { method: 'POST', headers: { ...JSON_TYPE, ...headers }, body: BODY }),
  ],
  [
    'a query that Yoga answers',
    ({ url }, headers) =>
      fetch(`${url}/graphql/`, { method: 'POST', headers: { ...JSON_TYPE, ...headers }, body: BODY }),
  ],
  ['a query by GET', ({ url }, headers) => fetch(`${url}/graphql?query={__typename}`, { headers })],
  [
    'a body that is refused',
    ({ url }, headers) =>
      fetch(`${url}/graphql`, { method: 'POST', headers: { ...JSON_TYPE, ...headers }, body: '{' }),
  ],
  [
    'a type that is refused',
    ({ url }, headers) => fetch(`${url}/graphql`, { method: 'POST', headers, body: BODY }),
  ],
  [
    'an event stream',
    ({ url }, headers) =>
      fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { ...JSON_TYPE, accept: 'text/event-stream', ...headers },
        body: BODY,
      }),
  ],
  [
    'a preflight',
    ({ url }, headers) =>
      fetch(`${url}/graphql`, {
        method: 'OPTIONS',
        headers: {
          ...headers,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type',
        },
      }),
  ],
];

function opens({ url }: Gateway, origin: string | undefined): Promise<boolean> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, ['graphql-transport-ws'], {
    ...(origin === undefined ? {} : { origin }),
  });
  return new Promise<boolean>((resolve) => {
    socket.once('open', () => resolve(true));
    socket.once('error', () => resolve(false));
  }).finally(() => socket.terminate());
}

async function withNode(env: Record<string, string>, run: (node: Gateway) => Promise<void>) {
  const database = await createDatabase();
  const node = await startNode(database, env);
  try {
    await run(node);
  } finally {
    await node.stop();
    await database.drop();
  }
}

describe.each<[string | undefined, (string | undefined)[], string[]]>([
  [undefined, [HERE, APP, FOREIGN, 'null'], []],
  ['*', [HERE, APP, FOREIGN, 'null'], []],
  [`${HERE}, *`, [HERE, FOREIGN], []],
  [HERE, [HERE], [FOREIGN, APP, 'null', `${HERE}.evil.example.com`, `${HERE}:444`, HERE.toUpperCase()]],
  [`${HERE}, ${APP}`, [HERE, APP], [FOREIGN, 'null']],
])('with ALLOWED_ORIGINS=%s', (setting, allowed, foreign) => {
  test('each answer may be read by pages of these origins, and without credentials', () =>
    withNode(setting === undefined ? {} : { ALLOWED_ORIGINS: setting }, async (node) => {
      const isOpen = setting === undefined || setting.includes('*');
      for (const [name, send] of ANSWERS) {
        for (const origin of [undefined, ...allowed, ...foreign]) {
          const { headers } = await send(node, origin === undefined ? {} : { origin });
          const isAllowed = origin !== undefined && allowed.includes(origin);
          const expected = !isAllowed ? null : isOpen ? '*' : origin;
          const subject = `${name} for ${origin}`;
          expect(headers.get('access-control-allow-origin'), subject).toBe(expected);
          expect(headers.get('access-control-allow-credentials'), subject).toBeNull();
          // A cache must not give the answer for one origin to another one.
          expect(headers.get('vary')?.includes('Origin') ?? false, subject).toBe(!isOpen);
          if (name === 'a preflight') {
            expect(headers.get('access-control-allow-headers'), subject).toBe(
              isAllowed ? 'authorization,content-type' : null,
            );
          }
        }
      }
      for (const origin of [undefined, ...allowed])
        expect(await opens(node, origin), String(origin)).toBe(true);
      for (const origin of foreign) expect(await opens(node, origin), origin).toBe(false);
    }));
});

test('neither a page that a browser shows, health nor metrics may be read by other pages', () =>
  withNode({}, async ({ url }) => {
    const headers = { origin: FOREIGN, accept: 'text/html' };
    for (const path of ['/graphql', '/graphql/', '/health', '/ready', '/metrics', '/']) {
      const response = await fetch(url + path, { headers });
      expect(response.headers.get('access-control-allow-origin'), path).toBeNull();
      await response.text();
    }
  }));

test('every answer tells a browser to neither guess its type, frame it nor tell its address', () =>
  withNode({}, async (node) => {
    const pages = ['/health', '/ready', '/metrics', '/nothing', '/graphql'].map((path): [string, Send] => [
      path,
      ({ url }) => fetch(url + path, { headers: { accept: 'text/html' } }),
    ]);
    for (const [name, send] of [...ANSWERS, ...pages]) {
      const response = await send(node, {});
      const { headers } = response;
      await response.text();
      expect(Object.fromEntries(headers), name).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
        'x-frame-options': 'DENY',
      });
    }
  }));
