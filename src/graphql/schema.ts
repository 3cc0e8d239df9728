import './scalars.ts';
import './root-queries.ts';
import './conversation-messages.ts';
import './conversation-queries.ts';
import './conversation-reads.ts';
import './conversation-mutations.ts';
import './conversation-answer-mutations.ts';
import './conversation-deletion-mutations.ts';
import './conversation-label-mutations.ts';
import './conversation-member-mutations.ts';
import './conversation-owner-mutations.ts';
import './conversation-update-mutations.ts';
import './conversations-update.ts';
import './invitable-users.ts';
import './read-mutation.ts';
import './contact-conversations.ts';
import './contact-mutations.ts';
import './availability-mutation.ts';
import './audience-mutations.ts';
import './bot-mutations.ts';
import './business-unit-mutations.ts';
import './channel-mutations.ts';
import './user-mutations.ts';
import './website-mutations.ts';
import './directory-queries.ts';
import './message-mutations.ts';
import './message-change-mutations.ts';
import './subscriptions.ts';
import './timeline.ts';
import './activity.ts';
import './conversation-counts.ts';
import './presence.ts';
import './user-error.ts';
import './video-call.ts';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { builder } from './builder.ts';

export const schema = builder.toSchema();

/** The schema as text, as it stands in schema.graphql. */
export function printedSchema(): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
