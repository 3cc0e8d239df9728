import type { UserRole } from '../../db/generated/prisma/enums.ts';
import { tryUnique } from '../../db/savepoint.ts';
import { LIMITS } from '../../limits.ts';
import { createInputError, toStoredUrl } from '../core/validation.ts';
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
    validation.email('email', email);
    validation.url('avatarUrl', avatarUrl);
    validation.notNull('role', role);
  },
  toData: ({ name, displayName, email, avatarUrl, role }) => ({
    name: name?.trim(),
    displayName: displayName?.trim(),
    email: email?.toLowerCase(),
    avatarUrl: toStoredUrl(avatarUrl),
    role: role ?? undefined,
  }),
  async requireAllowed(_tx, _viewer, { id, data, isRemoval, adminIds }) {
    const isLast = adminIds.length === 1 && adminIds[0] === id;
    if (isLast && isRemoval) throw createLastAdminError('userId');
    if (isLast && data.role === 'AGENT') throw createLastAdminError('role');
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

function createLastAdminError(field: string) {
  return createInputError(
    field,
    'LAST_ADMIN',
    'is the last administrator; give another user the role ADMIN first.',
  );
}
