import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';

/** Sizes of the broadest operation or fragment of a document, with fragments expanded. */
export interface SelectionSize {
  /** Number of selected fields. */
  breadth: number;
  /** Number of selected fields that have an alias. */
  aliases: number;
  /** Most directives in one place. */
  directives: number;
}

const NOTHING: SelectionSize = { breadth: 0, aliases: 0, directives: 0 };

/**
 * Measures the selections of a document that has been parsed, and not yet validated: validation compares each two fields of a selection.
 * A fragment that spreads itself counts once.
 */
export function measureSelections({ definitions }: DocumentNode): SelectionSize {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const one of definitions) {
    if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
  }
  const sizes = new Map<SelectionSetNode, SelectionSize>();

  function sizeOf(selectionSet: SelectionSetNode | undefined): SelectionSize {
    if (!selectionSet) return NOTHING;
    const known = sizes.get(selectionSet);
    if (known) return known;
    sizes.set(selectionSet, NOTHING);
    const size = { ...NOTHING };
    for (const one of selectionSet.selections) {
      const part = one.kind === Kind.FRAGMENT_SPREAD ? fragments.get(one.name.value) : one;
      const { breadth, aliases, directives } = sizeOf(part?.selectionSet);
      size.breadth += breadth + (one.kind === Kind.FIELD ? 1 : 0);
      size.aliases += aliases + (one.kind === Kind.FIELD && one.alias ? 1 : 0);
      size.directives = Math.max(size.directives, directives, one.directives?.length ?? 0);
    }
    sizes.set(selectionSet, size);
    return size;
  }

  const whole = { ...NOTHING };
  for (const one of definitions) {
    const size = 'selectionSet' in one ? sizeOf(one.selectionSet) : NOTHING;
    whole.breadth = Math.max(whole.breadth, size.breadth);
    whole.aliases = Math.max(whole.aliases, size.aliases);
    const ofVariables = 'variableDefinitions' in one ? (one.variableDefinitions ?? []) : [];
    for (const { directives } of [one, ...ofVariables] as { directives?: readonly unknown[] }[]) {
      whole.directives = Math.max(whole.directives, size.directives, directives?.length ?? 0);
    }
  }
  return whole;
}
