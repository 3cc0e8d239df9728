import type { IncomingMessage } from 'node:http';
import { LIMITS } from '../../limits.ts';
import { isNestedDeeper } from '../json-depth.ts';
import { RequestError } from './request-error.ts';
import { parametersOf } from './request-target.ts';

/** Parses JSON of a client, whose depth is bounded before anything else looks at it; throws RequestError. */
export function parseJson(text: string, subject: string): unknown {
  if (isNestedDeeper(text, LIMITS.messageDepth)) {
    throw createBadRequest(
      `${subject} is nested deeper than ${LIMITS.messageDepth} levels. Send less at once.`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    throw createBadRequest(`${subject} is not JSON: ${reason}. Send one JSON object.`);
  }
}

/** Checks the JSON parameters of a query string, which Yoga parses later; throws RequestError. */
export function checkParameters({ url }: IncomingMessage) {
  const parameters = parametersOf(url);
  for (const name of ['variables', 'extensions']) {
    const text = parameters.get(name);
    if (text) parseJson(text, `The parameter ${name} of the query string`);
  }
}

function createBadRequest(message: string): RequestError {
  return new RequestError(400, 'BAD_REQUEST', message);
}
