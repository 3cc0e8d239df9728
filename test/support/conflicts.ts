import type { GraphQLObjectType } from 'graphql';

/**
 * Finds field names with different types among these object types, such as "Node.status: ConversationStatus! MessageStatus!". A document
 * can't select such a field on both types without an alias, and colocated fragments don't know each other.
 */
export function conflictsAmong(name: string, types: readonly GraphQLObjectType[]): string[] {
  const typesOf = new Map<string, Set<string>>();
  for (const field of types.flatMap((type) => Object.values(type.getFields()))) {
    typesOf.set(field.name, (typesOf.get(field.name) ?? new Set()).add(String(field.type)));
  }
  const conflicts = [...typesOf].filter(([, found]) => found.size > 1);
  return conflicts.map(([field, found]) => `${name}.${field}: ${[...found].sort().join(' ')}`);
}
