import {
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  printError,
  Source,
  validate,
  visit,
} from 'graphql';
import { idOf } from '../server/persisted-documents.ts';

/** A file with operations and fragments of a client. */
export interface DocumentFile {
  path: string;
  text: string;
}

export interface PersistedOperation {
  name: string;
  id: string;
  text: string;
}

/** Mistakes in the documents of a client, each with its file and line. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n\n'));
  }
}

/**
 * Splits documents into one for each operation, with the fragments that it uses, from whichever file. `typenames` adds `__typename` to every
 * object, as the caches of Apollo Client and urql need it: the text is then the one that Apollo Client sends. Throws a DocumentError.
 */
export function createPersistedOperations(
  files: readonly DocumentFile[],
  { schema, typenames }: { schema: GraphQLSchema; typenames: boolean },
): PersistedOperation[] {
  const mistakes: string[] = [];
  const definitions = files.flatMap((file) => parseFile(file, mistakes));
  const operations = definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const fragments = definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  for (const node of [...findRepeated(operations), ...findRepeated(fragments)])
    mistakes.push(describe(`There is another ${nameOf(node)}. Give each a name of its own.`, node));
  for (const node of operations)
    if (!node.name) mistakes.push(describe('The operation has no name. Give it one.', node));
  if (mistakes.length > 0) throw new DocumentError(mistakes);

  const documents = operations.map((operation) => collect(operation, fragments));
  // The same fragment is used by several operations.
  const found = documents.flatMap((document) => validate(schema, document).map((error) => printError(error)));
  if (found.length > 0) throw new DocumentError([...new Set(found)]);
  return documents.map((document, index) => {
    const text = print(typenames ? withTypenames(document) : document);
    return { name: operations[index]?.name?.value ?? '', id: idOf(text), text };
  });
}

function parseFile({ path, text }: DocumentFile, mistakes: string[]): readonly DefinitionNode[] {
  try {
    return parse(new Source(text, path)).definitions;
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    mistakes.push(printError(error));
    return [];
  }
}

/** Fragments keep the order of the files, whichever is used first. */
function collect(
  operation: OperationDefinitionNode,
  fragments: readonly FragmentDefinitionNode[],
): DocumentNode {
  const used = new Set<string>();
  function follow(node: OperationDefinitionNode | FragmentDefinitionNode) {
    visit(node, {
      FragmentSpread({ name }) {
        if (used.has(name.value)) return;
        used.add(name.value);
        const fragment = fragments.find((other) => other.name.value === name.value);
        if (fragment) follow(fragment);
      },
    });
  }
  follow(operation);
  return {
    kind: Kind.DOCUMENT,
    definitions: [operation, ...fragments.filter(({ name }) => used.has(name.value))],
  };
}

function withTypenames(document: DocumentNode): DocumentNode {
  return visit(document, {
    SelectionSet(node, _key, parent) {
      const isRoot = parent && 'kind' in parent && parent.kind === Kind.OPERATION_DEFINITION;
      const fields = node.selections.filter((selection) => selection.kind === Kind.FIELD);
      if (isRoot || fields.some(({ name }) => name.value.startsWith('__'))) return undefined;
      const typename = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } } as const;
      return { ...node, selections: [...node.selections, typename] };
    },
  });
}

function findRepeated<N extends OperationDefinitionNode | FragmentDefinitionNode>(nodes: readonly N[]): N[] {
  return nodes.filter(
    (node, index) =>
      nodes.findIndex(({ name }) => name && name.value === node.name?.value) < index && node.name,
  );
}

function nameOf(node: OperationDefinitionNode | FragmentDefinitionNode): string {
  const kind = node.kind === Kind.FRAGMENT_DEFINITION ? 'fragment' : 'operation';
  return `${kind} ${node.name?.value}`;
}

function describe(message: string, node: DefinitionNode): string {
  return printError(new GraphQLError(message, { nodes: node }));
}
