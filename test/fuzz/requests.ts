import fc from 'fast-check';
import { VIEWER_KINDS, type ViewerKind } from '../support/guarded-scene.ts';
import { BODIES, CHUNKS, MESSAGES, SUBSCRIBE } from './hostile-bytes.ts';
import { deepOperationOf, hostileDocument, type Operation, operationOf } from './operations.ts';
import { repeat } from './tokens.ts';
import { anyJson } from './values.ts';

// Requests over every transport, as plain data: what a failure prints can be sent again.

/** An operation, over a transport of its own. */
export interface OperationRequest {
  as: ViewerKind;
  over: 'http' | 'get' | 'sse' | 'websocket';
  operation: Operation;
}

/** A body and headers of any kind. */
export interface BodyRequest {
  as: ViewerKind;
  over: 'body';
  method: string;
  type: string;
  accept: string;
  body: string;
}

/** Messages over a websocket, with or without `connection_init` before them. */
export interface MessagesRequest {
  as: ViewerKind;
  over: 'messages';
  isInitialized: boolean;
  messages: string[];
  /** Whether the client ends the connection by RST. */
  isReset: boolean;
}

/** Frames of a websocket, written as they are: first byte, payload, and whether it is masked and cut off. */
export interface FramesRequest {
  as: ViewerKind;
  over: 'frames';
  frames: { first: number; payload: string; isMasked: boolean; isCut: boolean }[];
  isReset: boolean;
}

/** Bytes of a connection. */
export interface BytesRequest {
  as: ViewerKind;
  over: 'bytes';
  chunks: string[];
  isReset: boolean;
}

export type Request = OperationRequest | BodyRequest | MessagesRequest | FramesRequest | BytesRequest;

const as = fc.constantFrom(...VIEWER_KINDS);

const operation = fc.oneof(
  { weight: 5, arbitrary: operationOf('query') },
  { weight: 5, arbitrary: operationOf('mutation') },
  { weight: 2, arbitrary: operationOf('subscription') },
  { weight: 8, arbitrary: deepOperationOf('query') },
  { weight: 2, arbitrary: deepOperationOf('mutation') },
  { weight: 1, arbitrary: deepOperationOf('subscription') },
  { weight: 2, arbitrary: hostileDocument },
);

const operations = fc.record({
  as,
  over: fc.oneof(
    { weight: 6, arbitrary: fc.constant('http' as const) },
    fc.constantFrom('sse' as const, 'websocket' as const, 'get' as const),
  ),
  operation,
});

const body = fc.record({
  as,
  over: fc.constant('body' as const),
  method: fc.constantFrom(
    'POST',
    'POST',
    'POST',
    'GET',
    'PUT',
    'OPTIONS',
    'HEAD',
    'DELETE',
    'PATCH',
    'TRACE',
  ),
  type: fc.constantFrom(
    'application/json',
    'application/json',
    'application/graphql+json',
    'application/json; charset=utf-16',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'application/graphql',
    'x',
    '',
  ),
  accept: fc.constantFrom(
    'application/json',
    '*/*',
    'application/graphql-response+json',
    'text/event-stream',
    'text/html',
    'multipart/mixed',
    ';',
    'application/json;q=0, text/event-stream;q=x',
  ),
  body: fc.oneof(
    fc.constantFrom(...BODIES),
    anyJson.map((json) => JSON.stringify(json) ?? ''),
    fc.string({ unit: 'binary' }),
  ),
});

const messages = fc.record({
  as,
  over: fc.constant('messages' as const),
  isInitialized: fc.boolean(),
  messages: fc.array(fc.constantFrom(...MESSAGES), { minLength: 1, maxLength: 6 }),
  isReset: fc.boolean(),
});

const frames = fc.record({
  as,
  over: fc.constant('frames' as const),
  frames: fc.array(
    fc.record({
      // Text, binary, continuation, close, ping, pong; unfinished, with reserved bits, with unknown opcodes.
      first: fc.constantFrom(
        0x81,
        0x82,
        0x80,
        0x88,
        0x89,
        0x8a,
        0x01,
        0x02,
        0x00,
        0xc1,
        0xf1,
        0x83,
        0x8f,
        0x09,
      ),
      payload: fc.constantFrom(
        '',
        '{"type":"ping"}',
        SUBSCRIBE,
        '\u0003\u00e8',
        '\u0001',
        '\u00ff\u00fe',
        repeat('x', 126),
        repeat('x', 70_000),
        repeat('x', 300_000),
      ),
      isMasked: fc.boolean(),
      isCut: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  isReset: fc.boolean(),
});

const bytes = fc.record({
  as: fc.constant('nobody' as const),
  over: fc.constant('bytes' as const),
  chunks: fc.array(
    fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...CHUNKS) },
      fc.string({ unit: 'binary', maxLength: 20 }),
    ),
    { minLength: 1, maxLength: 3 },
  ),
  isReset: fc.boolean(),
});

/** Any request. Those that are built from the schema are the most frequent, since there are the most of them. */
export const anyRequest: fc.Arbitrary<Request> = fc.oneof(
  { weight: 8, arbitrary: operations },
  { weight: 1, arbitrary: body },
  { weight: 1, arbitrary: messages },
  { weight: 1, arbitrary: frames },
  { weight: 1, arbitrary: bytes },
);

/** The same request with a comment at the end of its document: no cache has it. Others are returned as they are. */
export function withComment(request: Request, comment: string): Request {
  if (!('operation' in request)) return request;
  const { document, variables } = request.operation;
  return { ...request, operation: { document: `${document}\n# ${comment}`, variables } };
}
