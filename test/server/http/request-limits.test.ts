import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { LIMITS } from '../../../src/limits.ts';
import { createLog } from '../../../src/log.ts';
import { createHttpServer, type HttpHandler } from '../../../src/server/http/http-server.ts';
import { readJsonBody } from '../../../src/server/http/json-body.ts';
import { type Gateway, startGateway } from '../../support/gateway.ts';
import { insideOf, post, read } from '../../support/http.ts';
import { exchange, openRaw, requestText, statusOf, watchUncaught } from '../../support/raw.ts';

// Requests without a token are bounded in bytes, depth, time and number.

let gateway: Gateway;

beforeAll(async () => {
  gateway = await startGateway();
});

const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

describe('depth', () => {
  const bodies: [string, (deep: string) => string][] = [
    ['variables', (deep) => `{"query":"{ __typename }","variables":{"a":${deep}}}`],
    ['extensions', (deep) => `{"query":"{ __typename }","extensions":{"a":${deep}}}`],
    ['an unknown parameter', (deep) => `{"query":"{ __typename }","a":${deep}}`],
    ['a list', (deep) => deep],
    ['what is no JSON', (deep) => deep.replaceAll(']', '')],
  ];

  test.each(bodies)('%s of a body may not be nested deeper than the limit', async (_name, bodyOf) => {
    for (const levels of [LIMITS.messageDepth + 1, 5_000, 100_000]) {
      const { status, errors, text } = await post(gateway, bodyOf(nested(levels)));
      expect(status).toBe(400);
      expect(errors).toMatchObject([
        { message: expect.stringContaining('deeper than 200 levels'), extensions: { code: 'BAD_REQUEST' } },
      ]);
      expect(insideOf(text)).toBeNull();
    }
  });

  test('brackets in a text are no depth', async () => {
    const query = `# ${'[{"'.repeat(1_000)}\n{ __typename }`;
    expect((await post(gateway, JSON.stringify({ query }))).data).toEqual({ __typename: 'Query' });
  });

  test.each(['variables', 'extensions'])('%s of the query string may not be nested deeper', async (name) => {
    for (const accept of ['application/json', 'text/event-stream', '*/*']) {
      const parameters = new URLSearchParams({ query: '{ __typename }', [name]: `{"a":${nested(1_000)}}` });
      const response = await fetch(`${gateway.url}/graphql?${parameters}`, { headers: { accept } });
      const { status, errors } = await read(response);
      expect(status).toBe(400);
      expect(errors).toMatchObject([{ message: expect.stringContaining('deeper than 200 levels') }]);
    }
  });
});

describe('the form of a request', () => {
  const post = (headers: Record<string, string>, body = '{"query":"{ __typename }"}') =>
    exchange(
      gateway,
      requestText(
        '/graphql',
        { 'Content-Type': 'application/json', Connection: 'close', ...headers },
        'POST',
      ) + body,
    );
  const length = { 'Content-Length': '26' };

  test.each(['gzip', 'br', 'deflate', 'x'])('a body with Content-Encoding %s: 415', async (encoding) => {
    const answer = await post({ ...length, 'Content-Encoding': encoding });
    expect(statusOf(answer)).toBe(415);
    expect(answer).toContain('Send it without Content-Encoding.');
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/graphql',
    'application/jsonx',
  ])('a body of the type %s: 415', async (type) => {
    const answer = await post({ ...length, 'Content-Type': type }, 'query={__typename}&a=b&cd=');
    expect(statusOf(answer)).toBe(415);
    expect(answer).toContain('Send application/json.');
  });

  test('a request that expects 100-continue is told so; any other expectation: 417', async () => {
    const answer = await post({ ...length, Expect: '100-continue' });
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200/);
    expect(statusOf(await post({ ...length, Expect: 'nonsense' }))).toBe(417);
  });

  test.each([
    ['a length and chunks', { ...length, 'Transfer-Encoding': 'chunked' }],
    ['two lengths', { 'Content-Length': '26, 27' }],
    ['a length that is no number', { 'Content-Length': '-1' }],
    ['an unknown transfer encoding', { 'Transfer-Encoding': 'x' }],
    ['a control character in a header', { ...length, A: 'b\u0000c' }],
  ])('%s: 400', async (_name, headers) => {
    expect(statusOf(await post(headers))).toBe(400);
  });

  test('headers over the limit: 431', async () => {
    expect(statusOf(await post({ ...length, A: 'x'.repeat(LIMITS.requestHeadersBytes) }))).toBe(431);
    expect(statusOf(await exchange(gateway, `GET /${'x'.repeat(100_000)}`))).toBe(431);
  });

  test('a length over the limit: 413, before the body has come', async () => {
    expect(statusOf(await post({ 'Content-Length': '99999999999' }, ''))).toBe(413);
  });

  test.each(['[', 'a b', 'a/b', 'x:99999', '%', 'user@host', '999.999.999.999'])(
    'the host "%s": 400',
    async (host) => {
      const answer = await exchange(
        gateway,
        requestText('/graphql?query={__typename}', { Host: host, Connection: 'close' }),
      );
      expect(statusOf(answer)).toBe(400);
      expect(insideOf(answer)).toBeNull();
    },
  );

  test('no host: 400', async () => {
    expect(statusOf(await exchange(gateway, 'GET /graphql HTTP/1.1\r\nConnection: close\r\n\r\n'))).toBe(400);
  });

  test.each(['PUT', 'DELETE', 'PATCH', 'HEAD', 'TRACE'])('%s: 405', async (method) => {
    expect(statusOf(await exchange(gateway, requestText('/graphql', { Connection: 'close' }, method)))).toBe(
      405,
    );
  });

  test.each(['//', '/.', '/%', '/graphql/x', '/graphqlx', '*', '/metrics/x'])(
    'the target %s: 404',
    async (target) => {
      expect(statusOf(await exchange(gateway, requestText(target, { Connection: 'close' })))).toBe(404);
    },
  );

  test('CONNECT, TLS and nonsense end the connection', async () => {
    const uncaught = watchUncaught();
    expect(await exchange(gateway, 'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n')).toBe('');
    for (const bytes of [
      '\u0016\u0003\u0001\u0002\u0000',
      '\0'.repeat(100),
      'nonsense\r\n\r\n',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    ]) {
      expect(statusOf(await exchange(gateway, bytes))).toBe(400);
    }
    expect(uncaught).toEqual([]);
  });
});

describe('connections', () => {
  test('a request may break off at any byte', async () => {
    const uncaught = watchUncaught();
    const text = `${requestText('/graphql', { 'Content-Type': 'application/json', 'Content-Length': '26' }, 'POST')}{"query":"{ __typename }"}`;
    for (let bytes = 1; bytes <= text.length; bytes += 5) {
      const connection = await openRaw(gateway);
      connection.send(text.slice(0, bytes));
      await connection.reset();
    }
    expect((await fetch(`${gateway.url}/health`)).status).toBe(200);
    expect(uncaught).toEqual([]);
  });

  test('of more pipelined requests than the limit, those beyond it are refused', async () => {
    const count = LIMITS.pipelinedRequests * 4;
    const answer = await exchange(gateway, requestText('/graphql?query={__typename}').repeat(count));
    const statuses = answer.match(/(?<=HTTP\/1\.1 )\d{3}/g) ?? [];
    expect(statuses.filter((status) => status === '200')).toHaveLength(LIMITS.pipelinedRequests);
    expect(statuses).toContain('503');
  });
});

describe('time', () => {
  async function startServer(handle: HttpHandler) {
    const server = createHttpServer({
      handle,
      log: createLog('silent'),
      headersTimeoutMs: 100,
      requestTimeoutMs: 200,
      timeoutCheckIntervalMs: 20,
    });
    onTestFinished(() => server.drain());
    return { url: await server.listen(0, '127.0.0.1') };
  }

  const answer: HttpHandler = async (request, response) => {
    await readJsonBody(request, 1_000).catch(() => response.destroy());
    response.end('{}');
  };
  const head = requestText(
    '/',
    { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' },
    'POST',
  );

  test.each([
    ['sends nothing', ''],
    ['does not end its request line', 'GET /'],
    ['does not end its headers', 'GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n'],
    ['sends no body', head],
    ['does not end its body', `${head}5\r\n[1,2,\r\n`],
    ['does not end a part of its body', `${head}ffff\r\n[1,2,`],
  ])('a client that %s is answered with 408, and its connection is closed', async (_name, bytes) => {
    const server = await startServer(answer);
    const connection = await openRaw(server);
    // Bytes that trickle in do not prolong the time.
    const trickle = setInterval(
      () => connection.send(bytes.includes('\r\n') && !bytes.includes('chunked') ? 'B: c\r\n' : ''),
      20,
    );
    onTestFinished(() => clearInterval(trickle));
    if (bytes) connection.send(bytes);
    expect(statusOf(await connection.ended)).toBe(408);
  });

  test('an answer that has begun is not followed by another', async () => {
    const server = await startServer((_request, response) => response.write('begun'));
    const connection = await openRaw(server);
    connection.send(`${head}5\r\n[1,2,\r\n`);
    const text = await connection.ended;
    expect(text).toContain('begun');
    expect(text).not.toContain('408');
  });

  test('a stream of events is not timed', async () => {
    const server = await startServer((_request, response) => {
      response.write('begun');
      setTimeout(() => response.end('ended'), 500);
    });
    const answer = await exchange(server, requestText('/', { Connection: 'close' }));
    expect(answer).toContain('ended');
  });

  test('what a handler throws is answered with 500', async () => {
    const uncaught = watchUncaught();
    for (const handle of [
      () => {
        throw new Error('at once');
      },
      async () => {
        await Promise.resolve();
        throw new Error('later');
      },
    ]) {
      const answer = await exchange(await startServer(handle), requestText('/', { Connection: 'close' }));
      expect(statusOf(answer)).toBe(500);
      expect(answer).not.toContain('at once');
    }
    expect(uncaught).toEqual([]);
  });

  test('an error of the server, such as too many open files, ends nothing', async () => {
    const server = createHttpServer({
      handle: (_request, response) => response.end(),
      log: createLog('silent'),
    });
    onTestFinished(() => server.drain());
    const url = await server.listen(0, '127.0.0.1');
    server.server.emit('error', new Error('accept EMFILE'));
    expect((await fetch(url)).status).toBe(200);
  });
});
