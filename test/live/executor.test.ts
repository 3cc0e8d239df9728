import { GraphQLError, parse } from 'graphql';
import { expect, test } from 'vitest';
import { ForbiddenError } from '../../src/errors.ts';
import type { Services } from '../../src/graphql/core/context.ts';
import { toClientError } from '../../src/graphql/core/errors.ts';
import { schema } from '../../src/graphql/schema.ts';
import { Executor } from '../../src/live/executor.ts';
import { createRedactions } from '../../src/live/redaction.ts';

const SCOPE = {
  organizationId: 'ORG-1',
  contactId: null,
  isBlocked: false,
  cursorKeys: { epoch: new Uint8Array(), cursorKey: new Uint8Array() },
};

/** Codes of the errors of all attempts to execute this subscription. */
async function attemptsOf(query: string, state: object): Promise<unknown[]> {
  const codes: unknown[] = [];
  const mask = (error: unknown) => {
    const masked =
      toClientError(error) ?? new GraphQLError('', { extensions: { code: 'INTERNAL_SERVER_ERROR' } });
    codes.push(masked.extensions.code);
    return masked;
  };
  const services = {} as Services;
  const executor = new Executor(
    { services, mask, coalescedReads: { of: () => services.db, share: () => {} } },
    { operation: { schema, document: parse(query) }, redactions: createRedactions(), viewer: null },
  );
  await executor.executeShared({ kind: 'state', state }, SCOPE);
  return codes;
}

function failingWith(error: Error): object {
  return Object.defineProperty({}, 'key', { get: () => Promise.reject(error) });
}

const COUNTS = 'subscription { conversationCounts { key } }';

test('a frame that fails by a fault of ours is executed four times', async () => {
  const codes = await attemptsOf(COUNTS, failingWith(new Error('no database')));
  expect(codes).toEqual(Array(4).fill('INTERNAL_SERVER_ERROR'));
});

test('a frame that the client can not have is executed once', async () => {
  expect(await attemptsOf(COUNTS, failingWith(new ForbiddenError('no')))).toEqual(['FORBIDDEN']);
});
