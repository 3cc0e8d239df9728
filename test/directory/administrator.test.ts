import { beforeAll, describe, expect, test } from 'vitest';
import { createEntry, DIRECTORY_KINDS, idField, mutateDirectory } from '../support/directory.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { eventsOf } from '../support/log.ts';
import { createOrganization } from '../support/organization.ts';

// Rights of administrators are read in the transaction of what they do, not from what a node remembers of them.

let gateway: Gateway;

beforeAll(async () => {
  gateway = await startGateway();
});

const LOSSES = {
  'was demoted': { role: 'AGENT' },
  'was removed': { removedAt: new Date() },
} as const;

describe.each(Object.entries(LOSSES))(
  'an administrator whom the node remembers, and who %s',
  (_title, data) => {
    test.each(DIRECTORY_KINDS)('can neither create, update nor delete: $name', async (kind) => {
      const organization = await createOrganization(gateway);
      const { admin } = organization;
      const id = await createEntry(gateway, admin, kind);
      // Changed without an event, as on a node that has not heard of it: this one still remembers an administrator.
      await gateway.db.writes.user.update({ where: { id: admin.id }, data });
      const before = await eventsOf(gateway, { organizationId: organization.id });
      const email = kind.name === 'User' ? { email: 'again@example.com' } : {};
      for (const [mutation, input] of [
        [`create${kind.name}`, { ...kind.given, ...email }],
        [`update${kind.name}`, { [idField(kind)]: id, name: 'Again' }],
        [`delete${kind.name}`, { [idField(kind)]: id }],
      ] as const) {
        const { result, errors } = await mutateDirectory(gateway, admin, { mutation, input });
        expect({ mutation, result, code: errors?.[0]?.extensions?.code }).toEqual({
          mutation,
          result: null,
          // The node may have forgotten them by itself meanwhile.
          code: expect.stringMatching(/^(FORBIDDEN|UNAUTHENTICATED)$/),
        });
      }
      expect(await eventsOf(gateway, { organizationId: organization.id })).toEqual(before);
    });
  },
);

test('a demoted administrator can not make themselves an administrator again', async () => {
  const { admin } = await createOrganization(gateway);
  const input = { userId: admin.id, role: 'ADMIN' };
  expect((await mutateDirectory(gateway, admin, { mutation: 'updateUser', input })).result.id).toBe(admin.id);
  await gateway.db.writes.user.update({ where: { id: admin.id }, data: { role: 'AGENT' } });
  const { errors } = await mutateDirectory(gateway, admin, { mutation: 'updateUser', input });
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  const where = { id: admin.id };
  expect((await gateway.db.reads.user.findUniqueOrThrow({ where })).role).toBe('AGENT');
});
