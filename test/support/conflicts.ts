import type { GraphQLObjectType } from 'graphql';

/**
 * Field names that have different types in these object types, as "Node.status: ConversationStatus! MessageStatus!". A document
 * can't select such a field of both types without an alias, and fragments of Relay or Apollo know nothing of each other.
 */
export function conflictsAmong(name: string, types: readonly GraphQLObjectType[]): string[] {
  const typesOf = new Map<string, Set<string>>();
  for (const field of types.flatMap((type) => Object.values(type.getFields()))) {
    typesOf.set(field.name, (typesOf.get(field.name) ?? new Set()).add(String(field.type)));
  }
  const conflicts = [...typesOf].filter(([, found]) => found.size > 1);
  return conflicts.map(([field, found]) => `${name}.${field}: ${[...found].sort().join(' ')}`);
}
