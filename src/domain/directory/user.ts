import type { Tx } from '../../db/client.ts';
import type { UserRole } from '../../db/generated/prisma/enums.ts';
import { tryUnique } from '../../db/savepoint.ts';
import { LIMITS } from '../../limits.ts';
import { createInputError } from '../core/validation.ts';
import type { Viewer } from '../core/viewer.ts';
import type { DirectoryEntryKind } from './entry.ts';

export interface UserData {
  name: string;
  displayName: string;
  email: string;
  avatarUrl?: string | null;
  role?: UserRole;
}

export const USER: DirectoryEntryKind<UserData> = {
  type: 'User',
  label: 'user',
  validate(validation, { name, displayName, email, avatarUrl, role }) {
    if (name !== undefined) validation.requiredText('name', name, LIMITS.name);
    if (displayName !== undefined) validation.requiredText('displayName', displayName, LIMITS.name);
    validation.notNull('email', email);
    validation.text('email', email, LIMITS.address);
    validation.email('email', email);
    validation.url('avatarUrl', avatarUrl, LIMITS.url);
    validation.notNull('role', role);
  },
  toData: ({ name, displayName, email, avatarUrl, role }) => ({
    name: name?.trim(),
    displayName: displayName?.trim(),
    email: email?.toLowerCase(),
    avatarUrl,
    role: role ?? undefined,
  }),
  async requireAllowed(tx, viewer, { id, data, isRemoval }) {
    if (isRemoval) await requireOtherAdmin(tx, viewer, { id, field: 'userId' });
    else if (data.role === 'AGENT') await requireOtherAdmin(tx, viewer, { id, field: 'role' });
  },
  async insert(tx, { displayName, ...data }) {
    const row = { ...data, displayName: displayName ?? data.name };
    const { count } = await tx.user.createMany({ data: [row], skipDuplicates: true });
    if (count === 0) throw createEmailTakenError();
  },
  async update(tx, id, data) {
    const write = () => tx.user.update({ where: { id }, data, select: { id: true } });
    if (data.email === undefined) await write();
    else if (!(await tryUnique(tx, write))) throw createEmailTakenError();
  },
  describeEvent: (id) => ({ type: 'USER_CHANGED', subjectUserId: id }),
};

function createEmailTakenError() {
  return createInputError('email', 'TAKEN', 'belongs to another user of the organization.');
}

// Locks all administrators, in one order: when two of them remove each other concurrently, the second transaction sees the first.
async function requireOtherAdmin(
  tx: Tx,
  { organizationId }: Viewer,
  { id, field }: { id: string | null; field: string },
) {
  const [admin, ...others] = await tx.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "User"
     WHERE "organizationId" = ${organizationId} AND "role" = 'ADMIN' AND "removedAt" IS NULL
     ORDER BY "id" FOR NO KEY UPDATE`;
  if (admin?.id === id && others.length === 0) {
    throw createInputError(
      field,
      'LAST_ADMIN',
      'is the last administrator; give another user the role ADMIN first.',
    );
  }
}
