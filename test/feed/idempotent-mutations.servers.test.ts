import { beforeAll } from 'vitest';
import { type Gateway, startGateways } from '../support/gateway.ts';
import { testIdempotency } from '../support/idempotency.ts';

let nodes: Gateway[];

beforeAll(async () => {
  nodes = await startGateways(2, { JITSI_URL: 'https://meet.example.com' });
});

testIdempotency(() => nodes);
