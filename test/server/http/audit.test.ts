import { serverAudits } from 'graphql-http';
import { beforeAll, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../../support/gateway.ts';

// The audits of the GraphQL-over-HTTP working group: what clients and proxies of other people rely on.

let gateway: Gateway;

beforeAll(async () => {
  gateway = await startGateway();
});

const audits = serverAudits({ url: () => `${gateway.url}/graphql` });

test('all audits are here', () => {
  expect(audits).toHaveLength(61);
});

test.each(audits)('$id $name', async ({ fn }) => {
  const result = await fn();
  // The response in a failed result can't be printed.
  expect(result.status === 'ok' ? 'ok' : `${result.status}: ${result.reason}`).toBe('ok');
});
