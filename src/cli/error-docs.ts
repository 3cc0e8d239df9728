import { INPUT_ISSUES, USER_ERRORS } from '../error-codes/mutation-errors.ts';
import { CLOSE_CODES, OPERATION_ERRORS } from '../error-codes.ts';
import { inCode, printTable } from './markdown-table.ts';

type ErrorRow = readonly string[];

/** docs/errors.md, in Markdown. */
export function printErrorDocs(): string {
  return `# Errors

Every code that a client can be answered. Printed from src/error-codes.ts by \`npm run docs\`; a test fails when this file is stale, and
every test fails when an answer has a code that is not here. \`message\` says in English what is wrong and what to do, for developers.

## Operation errors: \`errors[].extensions.code\`

An operation, or a field of it, failed. The codes are the same over HTTP, server-sent events and websockets. "HTTP" is the
status of a response whose errors all have this code; "–" means that the code is not answered over HTTP.

${printTable(
  ['code', 'HTTP', 'when', 'what to do'],
  Object.entries(OPERATION_ERRORS).map(([code, { statuses, when, action }]) => [
    inCode(code),
    statuses.join(', ') || '–',
    when,
    action,
  ]),
)}

Other statuses come without \`errors\`: 404 for an unknown path, 406 when \`Accept\` allows none of \`application/json\`,
\`application/graphql-response+json\` and \`text/event-stream\`, and 403 when a websocket is opened by a page whose origin is not in
\`ALLOWED_ORIGINS\`; 408, 431 and 503 beyond a limit of [HTTP connections](limits.md#http-connections), and 400 for what is no HTTP.

## Mutation errors: types that implement \`UserError\`

A mutation answers one of these types instead of its result, and changes nothing. \`... on UserError { message }\` selects all of them.

${printTable(['type', 'when', 'what to do'], pairs(USER_ERRORS))}

## Input issues: \`InvalidInputError.issues[].code\`

\`path\` is the path of the input field, from the argument inwards.

${printTable(['code', 'when', 'what to do'], pairs(INPUT_ISSUES))}

## Close codes of a websocket

The reason of the close frame says what to do, in at most 123 bytes. 1006 is never sent: the connection broke. Connect again, and
subscribe with the last cursor as \`after\`.

${printTable(
  ['code', 'reason', 'when', 'what to do'],
  Object.values(CLOSE_CODES).map(({ code, reason, when, action }) => [
    String(code),
    reason ?? 'depends',
    when,
    action,
  ]),
)}
`;
}

function pairs(entries: Record<string, readonly [when: string, action: string]>): ErrorRow[] {
  return Object.entries(entries).map(([name, row]) => [inCode(name), ...row]);
}
