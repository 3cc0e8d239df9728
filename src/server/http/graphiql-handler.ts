import type { IncomingMessage, ServerResponse } from 'node:http';
import { DEMO_TOKEN_PATH, type GraphiQLPage, type PageEncoding, renderGraphiQL } from '../graphiql.ts';
import { pathOf } from './request-target.ts';

const PAGE_PATHS = new Set(['/graphql', '/graphql/']);
const LOOPBACK = /^(::ffff:)?127\.|^::1$/;
const LOCAL_HOSTS = ['localhost', '127.0.0.1', '[::1]'];
// A proxy makes everybody a client of this machine.
const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];

// Beside the headers of every answer. A page of another origin can't read these: there are no CORS headers.
const OWN_ORIGIN_ONLY = { 'cross-origin-opener-policy': 'same-origin' };

/** Token of the demo with its lifetime. */
export interface DemoToken {
  token: string;
  lifetimeSeconds: number;
}

export interface GraphiQLHandlerOptions {
  /** Signs a token of the demo, for browsers on this machine. Undefined where there are none. */
  signDemoToken: (() => Promise<DemoToken>) | undefined;
}

/** Handles requests of browsers for GraphiQL. Null for any other request. */
export function createGraphiQLHandler({ signDemoToken }: GraphiQLHandlerOptions) {
  let page: Promise<GraphiQLPage> | undefined;

  async function sendPage(request: IncomingMessage, response: ServerResponse) {
    page ??= renderGraphiQL({ hasDemoTokens: signDemoToken !== undefined });
    const { bodies, etag, contentSecurityPolicy } = await page;
    const headers = {
      ...OWN_ORIGIN_ONLY,
      'content-security-policy': contentSecurityPolicy,
      // Stored by browsers, and used after the server has confirmed the tag.
      'cache-control': 'no-cache',
      etag,
      vary: 'Accept, Accept-Encoding',
    };
    if (isKnown(request.headers['if-none-match'], etag)) {
      response.writeHead(304, headers).end();
      return;
    }
    const encoding = negotiateEncoding(request.headers['accept-encoding']);
    response
      .writeHead(200, {
        ...headers,
        'content-type': 'text/html; charset=utf-8',
        'content-length': bodies[encoding].length,
        ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
      })
      .end(bodies[encoding]);
  }

  async function sendDemoToken(request: IncomingMessage, response: ServerResponse) {
    const isAllowed = signDemoToken !== undefined && isLocalPage(request);
    const body = isAllowed
      ? await signDemoToken()
      : { error: 'Only a page of this server in a browser on the same machine is given a token.' };
    response
      .writeHead(isAllowed ? 200 : 403, {
        ...OWN_ORIGIN_ONLY,
        'cache-control': 'no-store',
        'content-type': 'application/json',
      })
      .end(JSON.stringify(body));
  }

  return function handle(request: IncomingMessage, response: ServerResponse): Promise<void> | null {
    if (request.method !== 'GET') return null;
    const path = pathOf(request.url);
    const isPage = PAGE_PATHS.has(path) && request.headers.accept?.includes('text/html') === true;
    if (isPage) return sendPage(request, response);
    return path === DEMO_TOKEN_PATH ? sendDemoToken(request, response) : null;
  };
}

/**
 * True for a page of this server that is open in a browser on this machine. The name of the host is checked because a website can let its
 * own name point to 127.0.0.1 (DNS rebinding); its pages are then of the same origin as this server.
 */
export function isLocalPage({ headers, socket }: IncomingMessage): boolean {
  const { host = '', origin } = headers;
  const isLocalHost = LOCAL_HOSTS.some(
    (name) => host === `${name}:${socket.localPort}` || (socket.localPort === 80 && host === name),
  );
  return (
    LOOPBACK.test(socket.remoteAddress ?? '') &&
    isLocalHost &&
    (origin === undefined || origin === `http://${host}`) &&
    ['same-origin', 'none', undefined].includes(headers['sec-fetch-site'] as string | undefined) &&
    PROXY_HEADERS.every((name) => headers[name] === undefined)
  );
}

function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  return ifNoneMatch?.split(',').some((tag) => tag.trim() === etag) ?? false;
}

// Quality 0 refuses an encoding; other qualities don't matter, as the page is small in both.
function negotiateEncoding(acceptEncoding = ''): PageEncoding {
  const accepted = acceptEncoding
    .split(',')
    .filter((entry) => !/;\s*q=0(\.0*)?\s*$/.test(entry))
    .map((entry) => entry.split(';', 1)[0]?.trim().toLowerCase());
  return accepted.includes('br') ? 'br' : accepted.includes('gzip') ? 'gzip' : 'identity';
}
