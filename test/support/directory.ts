import type { Gateway } from './gateway.ts';
import { mutate } from './mutate.ts';
import type { Person } from './mutations.ts';

// What administrators look after, and the mutations that they do it with.

export interface DirectoryKind {
  name: string;
  /** What it is made with, and what of it is then changed. */
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
    given: { name: 'Shop', url: 'https://shop.example' },
    changed: { name: 'Store', url: 'http://store.example' },
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

/** The input field that says which. */
export const idField = ({ name }: DirectoryKind) => `${name.charAt(0).toLowerCase()}${name.slice(1)}Id`;

/** Makes, changes or removes one, as this person. */
export function mutateDirectory(
  gateway: Pick<Gateway, 'ask'>,
  person: Person,
  { mutation, input }: { mutation: string; input: object },
) {
  const kind = DIRECTORY_KINDS.find(({ name }) => mutation.endsWith(name));
  const selected = `... on ${kind?.name} { id removedAt ${kind?.fields} }`;
  return mutate(gateway, person, { mutation, input, selected });
}

/** Makes one; gives its id. */
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
