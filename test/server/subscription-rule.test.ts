import { beforeAll, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { openSubscription, TRANSPORTS } from '../support/live.ts';
import { createOrganization, type TestOrganization } from '../support/organization.ts';

let gateway: Gateway;
let organization: TestOrganization;

beforeAll(async () => {
  gateway = await startGateway();
  organization = await createOrganization(gateway);
});

const INBOX = 'live: inbox';

for (const transport of TRANSPORTS) {
  test.each([
    `subscription { ${INBOX} @skip(if: true) { __typename } }`,
    `subscription { ${INBOX} @include(if: false) { __typename } }`,
    `subscription { ... @include(if: true) { ${INBOX} { __typename } } }`,
    `subscription { ... on Subscription { ${INBOX} @skip(if: false) { __typename } } }`,
    `subscription { ...A } fragment A on Subscription { ...B } fragment B on Subscription { ${INBOX} @skip(if: true) { __typename } }`,
  ])(`a subscription without a certain root field is refused (${transport}): %s`, async (query) => {
    const { errors } = await (
      await openSubscription(gateway, organization.agent, { transport, query })
    ).next();
    expect(errors).toMatchObject([
      { message: expect.stringContaining('@skip'), extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
  });

  test(`fields below the root field may be left out (${transport})`, async () => {
    const query = `subscription { ${INBOX} { __typename ... on CaughtUp { cursor @skip(if: true) } } }`;
    const live = await openSubscription(gateway, organization.agent, { transport, query });
    expect(await live.event()).toEqual({ __typename: 'CaughtUp' });
  });
}
