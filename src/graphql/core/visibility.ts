import SchemaBuilder, {
  BasePlugin,
  type FieldNullability,
  type InputFieldMap,
  type PothosOutputFieldConfig,
  type SchemaTypes,
  type TypeParam,
} from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';
import { ForbiddenError } from '../../errors.ts';
import type { Context } from './context.ts';

/**
 * Side that may see a field. For a contact a `team` field resolves to null or an empty list without running its resolver; a
 * `team` field of a root type throws ForbiddenError.
 */
export type Visibility = 'public' | 'team';

const ROOTS = new Set(['Query', 'Mutation', 'Subscription']);

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      visibility: VisibilityPlugin<Types>;
    }
    export interface FieldOptions<
      Types extends SchemaTypes = SchemaTypes,
      ParentShape = unknown,
      Type extends TypeParam<Types> = TypeParam<Types>,
      Nullable extends FieldNullability<Type> = FieldNullability<Type>,
      Args extends InputFieldMap = InputFieldMap,
      ResolveShape = unknown,
      ResolveReturnShape = unknown,
    > {
      /** Required: building the schema throws for a field without it, so a new field can not leak by omission. */
      visibility?: Visibility;
    }
  }
}

/** Pothos plugin: checks at build time that each field has a visibility and a description, and enforces the visibility. */
class VisibilityPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(config: PothosOutputFieldConfig<Types>) {
    const name = `${config.parentType}.${config.name}`;
    const { visibility, description } = config.pothosOptions;
    if (!visibility) throw new Error(`${name} has no visibility: set it to 'public' or 'team'.`);
    if (!description) throw new Error(`${name} has no description.`);
    if (
      visibility === 'team' &&
      !ROOTS.has(config.parentType) &&
      !config.type.nullable &&
      config.type.kind !== 'List'
    ) {
      throw new Error(
        `${name} is a team field, so it must be nullable or a list: a contact gets null or [].`,
      );
    }
    return { ...config, extensions: { ...config.extensions, visibility } };
  }

  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    config: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    if (config.pothosOptions.visibility !== 'team') return resolver;
    const isRoot = ROOTS.has(config.parentType);
    const nothing = config.type.nullable ? null : [];
    return (parent, args, context, info) => {
      if ((context as unknown as Context).viewerSide === 'team') return resolver(parent, args, context, info);
      // Reading the viewer throws UnauthenticatedError first: without a token, that is the reason.
      if (isRoot && (context as unknown as Context).viewer) {
        throw new ForbiddenError(`${info.fieldName} is for the team. Ask with the token of a user or bot.`);
      }
      return nothing;
    };
  }
}

SchemaBuilder.registerPlugin('visibility', VisibilityPlugin);
