import type { IncomingMessage, ServerResponse } from 'node:http';

// Seconds for which a browser may keep the answer to a preflight.
const PREFLIGHT_MAX_AGE = '600';

export type OriginRule = ReturnType<typeof createOriginRule>;

/**
 * Which web pages may call: the one rule for HTTP (CORS) and websockets. Undefined allows all pages, which is safe because no cookie gives
 * rights: a page needs the token. For the same reason no answer allows credentials.
 */
export function createOriginRule(allowedOrigins: readonly string[] | undefined) {
  const allowed = allowedOrigins && new Set(allowedOrigins);

  /** The origin that an answer allows to read it; undefined allows none. */
  function allowedFor(origin: string | undefined): string | undefined {
    if (!allowed) return '*';
    return origin !== undefined && allowed.has(origin) ? origin : undefined;
  }

  return {
    /** Whether a request with this Origin header may be served. A request without the header is not sent by a page. */
    allows: (origin: string | undefined): boolean => origin === undefined || allowedFor(origin) !== undefined,
    /** Sets the CORS headers of an answer. A page that a browser shows gets none: no other page has to read it. */
    setHeaders({ method, headers }: IncomingMessage, response: ServerResponse) {
      if (method === 'GET' && headers.accept?.includes('text/html')) return;
      if (allowed) response.setHeader('vary', 'Origin');
      const origin = headers.origin === undefined ? undefined : allowedFor(headers.origin);
      if (origin === undefined) return;
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('access-control-expose-headers', 'Retry-After');
    },
    /** Answers an OPTIONS request, after `setHeaders`. */
    answerOptions({ headers }: IncomingMessage, response: ServerResponse) {
      response.setHeader('allow', 'GET, POST, OPTIONS');
      const requested = headers['access-control-request-headers'];
      if (response.hasHeader('access-control-allow-origin')) {
        response.setHeader('access-control-allow-methods', 'GET, POST');
        response.setHeader('access-control-max-age', PREFLIGHT_MAX_AGE);
        if (requested !== undefined) response.setHeader('access-control-allow-headers', requested);
        response.appendHeader('vary', 'Access-Control-Request-Headers');
      }
      response.writeHead(204).end();
    },
  };
}
