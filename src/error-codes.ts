// Every code that a client can be answered. docs/errors.md is printed from these tables and from those of error-codes/mutation-errors.ts:
// `npm run docs`.

interface CodeDescription {
  /** Cause. */
  readonly when: string;
  /** Instruction for the client. */
  readonly action: string;
}

interface OperationErrorDescription extends CodeDescription {
  /** Statuses over HTTP. The first is that of errors thrown here; the others are chosen by Yoga. */
  readonly statuses: readonly number[];
}

const STATUS_BY_ACCEPT = 'The status is 400 for `Accept: application/graphql-response+json`.';

/** `extensions.code` of every entry of `errors`, over every transport. */
export const OPERATION_ERRORS = {
  UNAUTHENTICATED: {
    statuses: [401],
    when: 'The token is missing, malformed, expired, valid for too long, signed with another key, or names a viewer that does not exist or was removed. An event stream also ends with it when its token expires or the key of the token is revoked.',
    action: 'Get a new token, and send the operation again.',
  },
  FORBIDDEN: {
    statuses: [200],
    when: 'The token is valid, and the viewer has no right to this field, mutation or subscription; a blocked contact has none but to see themselves. A subscription also ends with it when its viewer is removed or blocked.',
    action: 'Do not retry. The message names the token that has the right.',
  },
  NOT_FOUND: {
    statuses: [200],
    when: 'A query or subscription names an object that does not exist, or that the viewer may not see. Mutations answer the type NotFoundError instead.',
    action: 'Check the id. Do not retry.',
  },
  BAD_USER_INPUT: {
    statuses: [200],
    when: 'The value of a variable or argument can not be used. `extensions.argument` is the path of the argument, where it is known.',
    action: 'Correct the value as the message says.',
  },
  BUSY: {
    statuses: [503],
    when: 'The database does not answer, has no connection left for the organization, or rejected the change because of too many concurrent changes, also after retries. Nothing was changed.',
    action:
      'Send the same operation again after `extensions.retryAfter` seconds, which the header Retry-After has, too; a mutation with the same idempotencyKey.',
  },
  RATE_LIMITED: {
    statuses: [429],
    when: 'The viewer, the organization or the address has sent more in a short time than docs/limits.md allows. Nothing was executed.',
    action:
      'Wait for `extensions.retryAfter` seconds, which the header Retry-After has, too, and send the operation again; a mutation with the same idempotencyKey.',
  },
  QUERY_TOO_COMPLEX: {
    statuses: [200, 400],
    when: 'The depth, breadth or complexity of the operation is above the limit, and the message has both numbers; its answer is larger than allowed; or the database took too long to answer. A mutation whose answer is too large has been made. The status is 400 for a breadth that is too large and `Accept: application/graphql-response+json`.',
    action: 'Select fewer fields, ask for smaller pages, or split the operation.',
  },
  GRAPHQL_PARSE_FAILED: {
    statuses: [200, 400],
    when: `The operation has a syntax error, more tokens than allowed, a name that is too long, or is nested too deeply. ${STATUS_BY_ACCEPT}`,
    action: 'Correct the operation. `locations` has the position.',
  },
  GRAPHQL_VALIDATION_FAILED: {
    statuses: [200, 400],
    when: `The operation does not match schema.graphql, such as an unknown field, a missing argument or a variable of another type. ${STATUS_BY_ACCEPT}`,
    action: 'Correct the operation. `locations` has the position.',
  },
  INTROSPECTION_DISABLED: {
    statuses: [200, 400],
    when: `The operation selects \`__schema\` or \`__type\`, and the server is not configured to answer it. ${STATUS_BY_ACCEPT}`,
    action: 'Use schema.graphql, which has the same content.',
  },
  PERSISTED_QUERY_NOT_FOUND: {
    statuses: [200],
    when: '`extensions.persistedQuery.sha256Hash` names a document that this node does not have, or has no longer. The message is `PersistedQueryNotFound`, which clients look for.',
    action:
      'Send the operation again with both the hash and `query`: the node keeps it. Libraries do that by themselves.',
  },
  PERSISTED_DOCUMENT_NOT_FOUND: {
    statuses: [200, 400],
    when: `\`documentId\` is in no list of persisted documents of the server. ${STATUS_BY_ACCEPT}`,
    action: 'Add the documents of this version of the client to the list, with `npm run persist`.',
  },
  PERSISTED_DOCUMENTS_ONLY: {
    statuses: [200, 400],
    when: `The server executes only the documents of its list, and this one is not in it. ${STATUS_BY_ACCEPT}`,
    action: 'Send `documentId` with the id of a document in the list.',
  },
  OPERATION_RESOLUTION_FAILURE: {
    statuses: [400],
    when: 'The document has several operations and `operationName` names none of them.',
    action: 'Send `operationName`.',
  },
  BAD_REQUEST: {
    statuses: [400, 405, 415, 200],
    when: 'The HTTP request is no GraphQL request: the body is not one JSON object or is nested too deeply (400), a parameter has the wrong type or is unknown (400), `query` is missing (400, or 200 for `Accept: application/json`), a mutation was sent with GET (405), or the content type or encoding of the body is not supported (415).',
    action: 'Correct the request as the message says. Do not retry.',
  },
  REQUEST_ENTITY_TOO_LARGE: {
    statuses: [413],
    when: 'The body of the HTTP request is larger than the limit, which is in the message.',
    action: 'Send less. Attachments are URLs, not part of the body.',
  },
  TOO_MANY_OPERATIONS: {
    statuses: [429],
    when: 'The websocket already has as many operations as one connection may have, or the viewer or organization as many subscriptions or event streams as the message says. The others go on.',
    action: 'Complete an operation. With few of your own open, try again later.',
  },
  INTERNAL_SERVER_ERROR: {
    statuses: [200, 500],
    when: 'The server failed. `extensions.requestId` is the id under which the log of the server has the cause.',
    action: 'Retry once; a mutation with the same idempotencyKey. Report the `requestId` if it fails again.',
  },
} as const satisfies Record<string, OperationErrorDescription>;

export type OperationErrorCode = keyof typeof OPERATION_ERRORS;

interface CloseDescription extends CodeDescription {
  readonly code: number;
  /** Text of the close frame; null where a part of it depends on the connection, or where none is sent. */
  readonly reason: string | null;
}

/** Close codes of a websocket. Reasons that graphql-transport-ws prescribes are sent as it prescribes them. */
export const CLOSE_CODES = {
  goingAway: {
    code: 1001,
    reason: 'This server is going away. Connect again.',
    when: 'The node shuts down.',
    action: 'Connect again, and subscribe with the last cursor as `after`.',
  },
  protocolError: {
    code: 1002,
    reason: null,
    when: 'A frame of the client breaks the websocket protocol.',
    action: 'Correct the client.',
  },
  invalidText: {
    code: 1007,
    reason: null,
    when: 'A message of the client is not UTF-8.',
    action: 'Correct the client.',
  },
  tooManyParts: {
    code: 1008,
    reason: null,
    when: 'A message of the client came in more frames, or in smaller pieces, than one message may have.',
    action: 'Send a message in one frame.',
  },
  messageTooLarge: {
    code: 1009,
    reason: null,
    when: 'A message of the client is larger than docs/limits.md allows.',
    action: 'Send less, or send the operation over HTTP.',
  },
  internalError: {
    code: 1011,
    reason: 'Something went wrong on our side. Connect again.',
    when: 'The server failed at a message of the client.',
    action: 'Connect again, and subscribe with the last cursor as `after`.',
  },
  badMessage: {
    code: 4400,
    reason:
      'The message is none of graphql-transport-ws, or goes beyond a limit. Correct it, and connect again.',
    when: 'A message of the client is not one of the protocol, is nested too deeply, has an id that is too long, or is too large before `connection_ack`. docs/limits.md has the numbers.',
    action: 'Correct the client.',
  },
  notInitialised: {
    code: 4401,
    reason: 'Unauthorized',
    when: 'An operation was sent before the server acknowledged connection_init.',
    action: 'Wait for connection_ack.',
  },
  revoked: {
    code: 4401,
    reason: 'You have been removed or blocked.',
    when: 'The viewer was removed or blocked, and its subscriptions ended with FORBIDDEN before; or a blocked contact connects.',
    action: 'Do not reconnect. Show that access has ended.',
  },
  tokenRejected: {
    code: 4403,
    reason: null,
    when: 'The token in connection_init is missing or can not be used, and the reason is the message of UNAUTHENTICATED; or the key that signed it was revoked while the websocket was open.',
    action: 'Get a new token, and connect again.',
  },
  tokenExpired: {
    code: 4403,
    reason: 'The token has expired. Connect again with a new one.',
    when: 'The token expired while the websocket was open.',
    action: 'Get a new token, connect again, and subscribe with the last cursor as `after`.',
  },
  wrongSubprotocol: {
    code: 4406,
    reason: 'The subprotocol is not supported. Connect with graphql-transport-ws.',
    when: 'The client did not ask for the subprotocol graphql-transport-ws.',
    action: 'Correct the client.',
  },
  initialisationTimeout: {
    code: 4408,
    reason: 'Connection initialisation timeout',
    when: 'The client sent no connection_init in time.',
    action: 'Send connection_init at once after the websocket is open.',
  },
  duplicateOperationId: {
    code: 4409,
    reason: null,
    when: 'The id of an operation is that of another one that runs on the websocket. The reason has the id.',
    action: 'Give each operation an id of its own.',
  },
  initialisedTwice: {
    code: 4429,
    reason: 'Too many initialisation requests',
    when: 'The client sent connection_init twice.',
    action: 'Send it once.',
  },
  tooManyPings: {
    code: 4429,
    reason: 'Too many pings. One in some seconds is enough.',
    when: 'The client sent more pings and pongs than it may between two pings of the server.',
    action: 'Ping less often.',
  },
  tooManyConnections: {
    code: 4429,
    reason: null,
    when: 'The viewer or the organization has as many websockets and event streams on the node as it may have. The reason has the limit.',
    action: 'Close a websocket, or run several operations on one.',
  },
  tooManyFailures: {
    code: 4429,
    reason: null,
    when: 'The token can not be used, and the address has sent too many of this kind. The reason has the seconds to wait.',
    action: 'Get a new token, wait, and connect again.',
  },
} as const satisfies Record<string, CloseDescription>;
