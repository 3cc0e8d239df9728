// Every bound that a client can meet. docs/limits.md is printed from these tables: `npm run docs`. Code takes the values from LIMITS.

/** Value, unit, and the thing that is bounded. `beyond` is the answer where it differs from the section's. */
type LimitRow = readonly [value: number, unit: string, of: string, beyond?: string];
type LimitRows = Readonly<Record<string, LimitRow>>;

/** Limits with the same reason, for the same people, answered in the same way. */
interface LimitSection {
  readonly title: string;
  /** Viewers, transports and occasions that the limits are for. */
  readonly appliesTo: string;
  /** Answer to a client that goes beyond one of the limits. */
  readonly beyond: string;
  readonly rows: LimitRows;
}

const REQUEST = {
  requestBytes: [1_048_576, 'bytes', 'body of an HTTP request', '413 with `REQUEST_ENTITY_TOO_LARGE`'],
  messageBytes: [262_144, 'bytes', 'message over a websocket', 'close code 1009'],
  // JSON.stringify and other functions recurse as deep, and the stack has room for some 5,000.
  messageDepth: [
    200,
    'levels',
    'lists and objects of a body, of a parameter of the query string, or of a message over a websocket',
    '400 with `BAD_REQUEST`, or close code 4400',
  ],
  tokens: [10_000, 'tokens', 'words, names and signs of a document'],
  // Parsing and validation recurse as deep, and the stack has room for some 1,000.
  nesting: [100, 'levels', 'braces, brackets and parentheses of a document'],
  nameLength: [255, 'characters', 'name, alias or type in a document'],
  text: [100_000, 'characters', 'any text, in a variable or a document', '`BAD_USER_INPUT`'],
  values: [10_000, 'values', 'entries of lists and fields of objects, in all variables', '`BAD_USER_INPUT`'],
  inputDepth: [100, 'levels', 'lists and objects of a variable', '`BAD_USER_INPUT`'],
} as const satisfies LimitRows;

const OPERATION = {
  depth: [12, 'levels', 'nested selections'],
  breadth: [400, 'fields', 'selections in all'],
  aliases: [100, 'aliases', 'fields with an alias in all'],
  directives: [5, 'directives', 'directives in one place'],
  complexity: [
    25_000,
    'points',
    'weight of all fields: a field of a list counts once for each row asked for',
  ],
  introspectedValues: [30_000, 'values', 'values of `__schema` and `__type`'],
} as const satisfies LimitRows;

const SEARCH_TEXT = '`text` of a filter, and `query` of a search';

const QUERY_INPUT = {
  pageSize: [100, 'rows', '`first` or `last` of a list; the default is 20'],
  nodes: [100, 'ids', '`ids` of `nodes`'],
  filterValues: [100, 'values', 'values of one list in a filter'],
  filterText: [200, 'characters', SEARCH_TEXT],
  // The database looks for each of them in every text.
  filterWords: [10, 'words', SEARCH_TEXT],
} as const satisfies LimitRows;

const TEXT = {
  name: [255, 'characters', 'name, title, identifier or media type'],
  idempotencyKey: [255, 'characters', '`idempotencyKey`'],
  detail: [5_000, 'characters', 'longer description of an object'],
  message: [50_000, 'characters', 'text of a message, a note or a transcript'],
  address: [320, 'characters', 'email address or other address of a channel'],
  url: [2_048, 'characters', 'URL'],
  question: [1_000, 'characters', 'question of an answer'],
  answer: [10_000, 'characters', 'answer, or value of a form field'],
  label: [100, 'characters', 'label'],
  language: [35, 'characters', 'language tag'],
} as const satisfies LimitRows;

const LIST = {
  labels: [50, 'entries', 'labels of a contact or conversation, and those that a change adds or removes'],
  attachments: [30, 'entries', 'attachments of a message'],
  participants: [200, 'entries', 'addresses of a conversation'],
  answers: [200, 'entries', 'answers of a conversation'],
  bookings: [100, 'entries', 'bookings of a conversation'],
  selfReportedAddresses: [20, 'entries', 'self-reported addresses of a contact'],
  mentions: [50, 'entries', 'team members that a message mentions'],
  conversationsAtOnce: [100, 'entries', 'conversations of a bulk update'],
  formValues: [100, 'entries', 'values of a submitted form'],
} as const satisfies LimitRows;

const JSON_SIZE = {
  customAttributes: [65_536, 'bytes', '`customAttributes`, after the change'],
  contentAttributes: [65_536, 'bytes', '`contentAttributes` of a message, or `meta` of an attachment'],
} as const satisfies LimitRows;

const ANSWER = {
  answerBytes: [
    10_485_760,
    'bytes',
    'whole answer, each value with 64 bytes for its name',
    '`QUERY_TOO_COMPLEX`',
  ],
  resultBytes: [
    10_485_760,
    'bytes',
    'rows that one statement of an operation reads, each value of their JSON with 128 bytes',
    '`QUERY_TOO_COMPLEX`',
  ],
  errors: [20, 'errors', '`errors` of an answer, and `issues` of InvalidInputError'],
  errorMessage: [1_000, 'characters', 'message about a wrong value'],
  defaultPageSize: [20, 'rows', 'page of a list without `first` and `last`', 'the next page has them'],
  invitableUsers: [50, 'users', 'members of `invitableUsers`'],
} as const satisfies LimitRows;

const HTTP = {
  requestHeadersBytes: [16_384, 'bytes', 'request line and headers of a request', '431'],
  requestHeadersMs: [10_000, 'milliseconds', 'time until the headers of a request are there', '408'],
  requestMs: [30_000, 'milliseconds', 'time until the body of a request is there', '408'],
  pipelinedRequests: [100, 'requests', 'not answered yet on one connection', '503'],
  requestsPerConnection: [
    10_000,
    'requests',
    'on one connection',
    'the connection is closed after the answer',
  ],
  connections: [
    20_000,
    'connections',
    'open on one node, websockets among them',
    'the connection is refused',
  ],
} as const satisfies LimitRows;

const CONNECTION = {
  operationId: [255, 'characters', '`id` of an operation', 'close code 4400'],
  messageBytesBeforeInit: [
    16_384,
    'bytes',
    'message until `connection_init` is acknowledged',
    'close code 4400',
  ],
  messageParts: [4_096, 'parts', 'frames, or reads of the network, of one message', 'close code 1008'],
  pingsPerHeartbeat: [100, 'pings', 'pings and pongs between two pings of the server', 'close code 4429'],
  unsentBytes: [
    1_048_576,
    'bytes',
    'answers that wait for a client that does not read',
    'nothing more is read from the client',
  ],
  socketOperations: [100, 'operations', 'running on one websocket', '`TOO_MANY_OPERATIONS`'],
  initTimeoutMs: [5_000, 'milliseconds', 'time until `connection_init`', 'close code 4408'],
  // A broken connection is detected within two intervals, and its viewer is shown as online for so long: at most 15 s.
  pingIntervalMs: [7_000, 'milliseconds', 'time to answer a ping', 'the connection is cut'],
} as const satisfies LimitRows;

const STREAM = {
  waitingFrames: [1_000, 'frames', 'frames that wait for a slow client', '`SLOW_CONSUMER`'],
  waitingBytes: [1_048_576, 'bytes', 'frames that wait for a slow client', '`SLOW_CONSUMER`'],
  // Beyond it, loading again is cheaper.
  replayedEvents: [10_000, 'events', 'missed events that are sent again', '`TOO_FAR_BEHIND`'],
} as const satisfies LimitRows;

const KEPT_DOCUMENT = {
  keptDocument: [65_536, 'characters', 'document that is kept', 'executed, and not kept'],
  keptDocumentsBytes: [16_777_216, 'bytes', 'all documents that are kept', 'those not used for longest go'],
} as const satisfies LimitRows;

/** The tables in the order of docs/limits.md. */
export const LIMIT_SECTIONS: readonly LimitSection[] = [
  {
    title: 'A request',
    appliesTo: 'Everybody, over every transport, before anything else looks at the request.',
    beyond: '`GRAPHQL_PARSE_FAILED`',
    rows: REQUEST,
  },
  {
    title: 'An operation',
    appliesTo: 'Everybody, before the operation is executed.',
    beyond: '`QUERY_TOO_COMPLEX`',
    rows: OPERATION,
  },
  {
    title: 'Arguments of queries and subscriptions',
    appliesTo: 'Everybody.',
    beyond: '`BAD_USER_INPUT`',
    rows: QUERY_INPUT,
  },
  {
    title: 'Texts in mutations',
    appliesTo: 'Everybody. The description of each input field in schema.graphql names its limit.',
    beyond: 'InvalidInputError, issue `TOO_LONG`',
    rows: TEXT,
  },
  {
    title: 'Lists in mutations',
    appliesTo: 'Everybody. Of a list that is too long, no entry is looked at.',
    beyond: 'InvalidInputError, issue `TOO_MANY`',
    rows: LIST,
  },
  {
    title: 'JSON in mutations',
    appliesTo: 'Everybody. Counted as the UTF-8 bytes of the JSON.',
    beyond: 'InvalidInputError, issue `TOO_LONG`',
    rows: JSON_SIZE,
  },
  {
    title: 'Answers',
    appliesTo: 'Everybody.',
    beyond: 'the rest is left out',
    rows: ANSWER,
  },
  {
    title: 'HTTP connections',
    appliesTo: 'Everybody.',
    beyond: 'the connection is closed',
    rows: HTTP,
  },
  {
    title: 'Websockets',
    appliesTo: 'Everybody.',
    beyond: 'the connection is closed',
    rows: CONNECTION,
  },
  {
    title: 'Subscriptions',
    appliesTo: 'Each subscription, over websockets and server-sent events alike.',
    beyond: '`ResetRequired`',
    rows: STREAM,
  },
  {
    title: 'Automatic persisted queries',
    appliesTo: 'Documents that clients have sent together with their hash, on each node.',
    beyond: '`PERSISTED_QUERY_NOT_FOUND`: the client sends the document again',
    rows: KEPT_DOCUMENT,
  },
];

/** Values of all limits by name, in the unit of their rows. Schema descriptions and error texts are built from them. */
export const LIMITS = {
  ...valuesOf(REQUEST),
  ...valuesOf(OPERATION),
  ...valuesOf(QUERY_INPUT),
  ...valuesOf(TEXT),
  ...valuesOf(LIST),
  ...valuesOf(JSON_SIZE),
  ...valuesOf(ANSWER),
  ...valuesOf(HTTP),
  ...valuesOf(CONNECTION),
  ...valuesOf(STREAM),
  ...valuesOf(KEPT_DOCUMENT),
};

function valuesOf<Rows extends LimitRows>(rows: Rows): { readonly [Name in keyof Rows]: Rows[Name][0] } {
  const values = Object.entries(rows).map(([name, [value]]) => [name, value]);
  return Object.fromEntries(values) as { readonly [Name in keyof Rows]: Rows[Name][0] };
}
