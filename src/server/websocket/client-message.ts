import type { SubscribePayload } from 'graphql-ws';
import { LIMITS } from '../../limits.ts';
import { isNestedDeeper } from '../json-depth.ts';

/** A message of a client in graphql-transport-ws. Payloads of pings and pongs are not kept. */
export type ClientMessage =
  | { type: 'connection_init'; payload?: object | undefined }
  | { type: 'ping' | 'pong' }
  | { type: 'complete'; id: string }
  | SubscribeMessage;

export interface SubscribeMessage {
  type: 'subscribe';
  id: string;
  payload: SubscribePayload;
}

/** Parses a message of a client. Null when it is none of the protocol, or is nested too deeply. */
export function parseClientMessage(text: string): ClientMessage | null {
  if (isNestedDeeper(text, LIMITS.messageDepth)) return null;
  const message = parseObject(text);
  if (!message) return null;
  const { type, id, payload } = message;
  switch (type) {
    case 'ping':
    case 'pong':
      return isMissingOrObject(payload) ? { type } : null;
    case 'connection_init':
      return isMissingOrObject(payload) ? { type, payload: payload ?? undefined } : null;
    case 'complete':
      return isOperationId(id) ? { type, id } : null;
    case 'subscribe':
      return isOperationId(id) && isSubscribePayload(payload) ? { type, id, payload } : null;
    default:
      return null;
  }
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

// The id is sent with every event of the operation.
function isOperationId(id: unknown): id is string {
  return typeof id === 'string' && id !== '' && id.length <= LIMITS.operationId;
}

function isSubscribePayload(payload: unknown): payload is SubscribePayload {
  if (!isObject(payload)) return false;
  const { query, operationName, variables, extensions } = payload as Record<string, unknown>;
  return (
    typeof query === 'string' &&
    (operationName == null || typeof operationName === 'string') &&
    isMissingOrObject(variables) &&
    isMissingOrObject(extensions)
  );
}

function isMissingOrObject(value: unknown): value is object | null | undefined {
  return value == null || isObject(value);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
