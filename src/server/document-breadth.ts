import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';

/**
 * Number of selected fields in the broadest operation or fragment of a document, with fragments expanded. It is known before validation,
 * which compares each two fields of a selection. A fragment that spreads itself counts once.
 */
export function measureBreadth({ definitions }: DocumentNode): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const one of definitions) {
    if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
  }
  const counts = new Map<SelectionSetNode, number>();

  function countFields(selectionSet: SelectionSetNode | undefined): number {
    if (!selectionSet) return 0;
    const known = counts.get(selectionSet);
    if (known !== undefined) return known;
    counts.set(selectionSet, 0);
    let count = 0;
    for (const one of selectionSet.selections) {
      const part = one.kind === Kind.FRAGMENT_SPREAD ? fragments.get(one.name.value) : one;
      count += (one.kind === Kind.FIELD ? 1 : 0) + countFields(part?.selectionSet);
    }
    counts.set(selectionSet, count);
    return count;
  }

  return Math.max(
    0,
    ...definitions.map((one) => ('selectionSet' in one ? countFields(one.selectionSet) : 0)),
  );
}
