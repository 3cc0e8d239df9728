import type { Gateway } from './gateway.ts';
import { mutate } from './mutate.ts';
import type { Person } from './mutations.ts';

// Directory entries, with their mutations.

export interface DirectoryKind {
  name: string;
  /** Input of create, and the fields that update changes. */
  given: Record<string, unknown>;
  changed: Record<string, unknown>;
  fields: string;
  event: string;
  subject: boolean;
  list: string;
}

export const DIRECTORY_KINDS: DirectoryKind[] = [
  {
    name: 'Bot',
    given: { name: 'Helper', avatarUrl: 'https://example.org/bot.png', description: 'Helps' },
    changed: { name: 'Helper 2', description: null },
    fields: 'name avatarUrl description',
    event: 'SETTINGS_CHANGED',
    subject: true,
    list: '{ list: bots(first: 100) { nodes { id } } }',
  },
  {
    name: 'Website',
    given: { name: 'Shop', url: 'https://shop.example/' },
    changed: { name: 'Store', url: 'http://store.example/' },
    fields: 'name url',
    event: 'SETTINGS_CHANGED',
    subject: false,
    list: '{ list: websites(first: 100) { nodes { id } } }',
  },
  {
    name: 'Audience',
    given: { name: 'All' },
    changed: { name: 'Some' },
    fields: 'name',
    event: 'SETTINGS_CHANGED',
    subject: false,
    list: '{ list: audiences(first: 100) { nodes { id } } }',
  },
  {
    name: 'Channel',
    given: { name: 'Mail', channelType: 'EMAIL', isActive: false },
    changed: { name: 'Letters', isActive: true },
    fields: 'name channelType isActive',
    event: 'CHANNEL_CHANGED',
    subject: false,
    list: '{ list: channels(first: 100) { nodes { id } } }',
  },
  {
    name: 'User',
    given: {
      name: 'Fay Wu',
      displayName: 'Fay',
      email: 'fay@example.com',
      avatarUrl: 'https://example.org/fay.png',
      role: 'ADMIN',
    },
    changed: { displayName: 'F', email: 'fay.wu@example.com', avatarUrl: null, role: 'AGENT' },
    fields: 'name displayName email avatarUrl role',
    event: 'USER_CHANGED',
    subject: true,
    list: '{ list: users(first: 100) { nodes { id } } }',
  },
  {
    name: 'BusinessUnit',
    given: { name: 'Sales' },
    changed: { name: 'Trade' },
    fields: 'name',
    event: 'SETTINGS_CHANGED',
    subject: false,
    list: '{ viewer { organization { list: businessUnits { id } } } }',
  },
];

/** Name of the id field of update and delete inputs. */
export const idField = ({ name }: DirectoryKind) => `${name.charAt(0).toLowerCase()}${name.slice(1)}Id`;

/** Creates, updates or deletes an entry as this viewer. */
export function mutateDirectory(
  gateway: Pick<Gateway, 'ask'>,
  person: Person,
  { mutation, input }: { mutation: string; input: object },
) {
  const kind = DIRECTORY_KINDS.find(({ name }) => mutation.endsWith(name));
  const selected = `... on ${kind?.name} { id removedAt ${kind?.fields} }`;
  return mutate(gateway, person, { mutation, input, selected });
}

/** Creates an entry and returns its id. */
export async function createEntry(
  gateway: Pick<Gateway, 'ask'>,
  person: Person,
  kind: DirectoryKind,
): Promise<string> {
  const { result } = await mutateDirectory(gateway, person, {
    mutation: `create${kind.name}`,
    input: kind.given,
  });
  if (!result?.id) throw new Error(`not made: ${JSON.stringify(result)}`);
  return result.id;
}
