import './core/scalars.ts';
import './directory/root-queries.ts';
import './conversation/messages.ts';
import './conversation/queries.ts';
import './conversation/read-state.ts';
import './conversation/mutations.ts';
import './conversation/member-mutations.ts';
import './conversation/bulk-update.ts';
import './contact/mutations.ts';
import './directory/queries.ts';
import './message/mutations.ts';
import './conversation/subscriptions.ts';
import './conversation/timeline.ts';
import './presence/activity.ts';
import './conversation/counts.ts';
import './presence/presence.ts';
import './conversation/user-error.ts';
import './conversation/video-call.ts';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { builder } from './core/builder.ts';

export const schema = builder.toSchema();

/** The schema as text, as it stands in schema.graphql. */
export function printedSchema(): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
