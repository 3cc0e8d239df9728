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

/** Who a field is for. A team field is null or empty for a contact; a team field of a root type refuses them. */
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
      /** Every field has one; a schema with a field that has none does not build. */
      visibility?: Visibility;
    }
  }
}

class VisibilityPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(config: PothosOutputFieldConfig<Types>) {
    const name = `${config.parentType}.${config.name}`;
    const { visibility, description } = config.pothosOptions;
    if (!visibility) throw new Error(`${name} is neither public nor team: give the field a visibility.`);
    if (!description) throw new Error(`${name} has no description.`);
    if (
      visibility === 'team' &&
      !ROOTS.has(config.parentType) &&
      !config.type.nullable &&
      config.type.kind !== 'List'
    ) {
      throw new Error(
        `${name} is a team field and must be nullable or a list, since a contact gets nothing.`,
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
      // Not known at all: say so, rather than that it is for the team.
      if (isRoot && (context as unknown as Context).viewer) {
        throw new ForbiddenError(`${info.fieldName} is for the team. Ask with the token of a user or bot.`);
      }
      return nothing;
    };
  }
}

SchemaBuilder.registerPlugin('visibility', VisibilityPlugin);
