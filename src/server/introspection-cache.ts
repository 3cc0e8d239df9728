import {
  type DocumentNode,
  type ExecutionResult,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';

// Results of the whole schema take some MB each, and the clients of an organization send two or three different queries.
const MAX_RESULTS = 8;

/**
 * Results of operations that read nothing but the schema, which is the same for everybody. Making the standard result takes as long as some
 * ten inbox pages, and anybody may ask for it.
 */
export function createIntrospectionCache() {
  const results = new LRUCache<DocumentNode, ExecutionResult>({ max: MAX_RESULTS });
  const cacheable = new WeakMap<DocumentNode, boolean>();

  function isCacheable(document: DocumentNode): boolean {
    const known = cacheable.get(document);
    if (known !== undefined) return known;
    const is = readsOnlySchema(document);
    cacheable.set(document, is);
    return is;
  }

  return {
    /** Result of an earlier execution of this document; undefined if there is none, and for an operation that reads other things. */
    get: (document: DocumentNode): ExecutionResult | undefined => results.get(document),
    keep(document: DocumentNode, result: ExecutionResult) {
      if (!result.errors && isCacheable(document)) results.set(document, result);
    },
  };
}

/** Whether the document is one query without variables that selects only `__schema`, `__type` and `__typename`, outside of fragments. */
function readsOnlySchema({ definitions }: DocumentNode): boolean {
  const operations = definitions.filter(
    (one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION,
  );
  const [operation] = operations;
  return (
    operation !== undefined &&
    operations.length === 1 &&
    !operation.variableDefinitions?.length &&
    selectsOnlyMetaFields(operation.selectionSet)
  );
}

function selectsOnlyMetaFields({ selections }: SelectionSetNode): boolean {
  return selections.every((one) => one.kind === Kind.FIELD && one.name.value.startsWith('__'));
}
