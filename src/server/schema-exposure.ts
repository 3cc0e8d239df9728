import { type ASTVisitor, GraphQLError, type ValidationContext } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Exposure } from '../config.ts';

const INTROSPECTION_FIELDS = new Set(['__schema', '__type']);

type Validate = (...args: Parameters<typeof import('graphql').validate>) => readonly GraphQLError[];

/** Refuses introspection, and leaves suggestions out of validation errors, where the server is configured so. */
export function useSchemaExposure({
  introspection,
  suggestions,
}: Pick<Exposure, 'introspection' | 'suggestions'>): Plugin {
  return {
    onValidate({ addValidationRule, validateFn, setValidationFn }) {
      if (!introspection) addValidationRule(NoIntrospectionRule);
      if (suggestions) return;
      const validate = validateFn as Validate;
      setValidationFn(((schema, document, rules, options) =>
        validate(schema, document, rules, { ...options, hideSuggestions: true })) as Validate);
    },
  };
}

function NoIntrospectionRule(context: ValidationContext): ASTVisitor {
  return {
    Field(node) {
      if (!INTROSPECTION_FIELDS.has(node.name.value)) return;
      context.reportError(
        new GraphQLError(
          `${node.name.value}: introspection is off on this server. Use the schema.graphql of its version, or start it with INTROSPECTION=true.`,
          { nodes: node, extensions: { code: 'INTROSPECTION_DISABLED' } },
        ),
      );
    },
  };
}
