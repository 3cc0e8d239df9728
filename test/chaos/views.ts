import { isContact, type Who } from '../support/model.ts';
import type { Person } from '../support/mutations.ts';
import type { ConversationSnapshot, ExpectedEvent } from './model.ts';
import type { ChaosOrganization } from './writers.ts';

const MESSAGES = `subscription ($conversationId: ID, $after: String) { live: messageAdded(conversationId: $conversationId, after: $after) { __typename
  ... on Event { cursor } ... on MessageAdded { message { id } } ... on ResetRequired { resumeAfter } } }`;
const CONVERSATION =
  'subscription ($id: ID!, $after: String) { live: conversation(id: $id, after: $after) { __typename ... on Event { cursor } ... on ResetRequired { resumeAfter } } }';
const INBOX = `subscription ($filter: ConversationFilter, $after: String) { live: inbox(filter: $filter, after: $after) { __typename ... on Event { cursor }
  ... on ConversationCreated { conversation { id } } ... on ConversationEntered { conversation { id } } ... on ConversationLeft { conversationId }
  ... on ConversationDeleted { conversationId } ... on ConversationChanged { conversation { id } } ... on ConversationRead { conversation { id } }
  ... on MessageAdded { message { conversation { id } } } ... on ResetRequired { resumeAfter } } }`;

/** One client's subscription, with the exact events that it must receive. */
export interface ClientView {
  name: string;
  viewer: Person;
  organizationId: string;
  query: string;
  variables: Record<string, unknown>;
  /** Type of the frame that this event must produce; null for none. */
  typeOf: (happened: ExpectedEvent) => string | null;
  /** For lists: true when the list contains the conversation. */
  has?: (standing: ConversationSnapshot) => boolean;
}

/** Subscriptions of different kinds, each for a viewer of the organization. */
export function createViews(organization: ChaosOrganization): ClientView[] {
  const [first] = organization.conversations;
  if (!first) throw new Error('there is no conversation');
  const mayHear = (who: Who, { isPublic, after }: ExpectedEvent) =>
    !isContact(who) || (isPublic && after.contact === who);
  const common = (who: Who) => ({ viewer: organization[who], organizationId: organization.id });

  const messages = (who: Who, conversationId?: string): ClientView => ({
    ...common(who),
    name: `messages, ${who}${conversationId ? ', of one' : ''}`,
    query: MESSAGES,
    variables: conversationId ? { conversationId } : {},
    typeOf: (happened) =>
      happened.type === 'MESSAGE_ADDED' &&
      mayHear(who, happened) &&
      (!conversationId || happened.after.id === conversationId)
        ? 'MessageAdded'
        : null,
  });

  const conversation = (who: Who, id: string): ClientView => ({
    ...common(who),
    ...{ name: `conversation, ${who}`, query: CONVERSATION, variables: { id } },
    typeOf: (happened) =>
      happened.after.id === id && mayHear(who, happened) ? typeOfChange(happened) : null,
  });

  const inbox = (
    who: Who,
    filter: object,
    holds: (standing: ConversationSnapshot) => boolean = () => true,
  ): ClientView => {
    const isShown = ({ isDeleted }: ConversationSnapshot) => isDeleted === 'isDeleted' in filter;
    const has = (one: ConversationSnapshot) =>
      isShown(one) && (!isContact(who) || one.contact === who) && holds(one);
    return {
      ...common(who),
      ...{ name: `inbox, ${who}, ${JSON.stringify(filter)}`, query: INBOX, variables: { filter }, has },
      typeOf(happened) {
        const { type, before, after } = happened;
        if (!mayHear(who, happened)) return null;
        const [was, is] = [before !== null && has(before), has(after)];
        if (was && !is) return type === 'DELETED' ? 'ConversationDeleted' : 'ConversationLeft';
        if (is && !was) return type === 'CREATED' ? 'ConversationCreated' : 'ConversationEntered';
        return is ? typeOfChange(happened) : null;
      },
    };
  };

  return [
    messages('agent'),
    inbox('agent', {}),
    messages('contact'),
    messages('colleague', first.id),
    conversation('agent', first.id),
    inbox('agent', { status: ['OPEN', 'PENDING'] }, ({ status }) => status !== 'RESOLVED'),
    inbox('colleague', { assignment: 'MINE' }, ({ owner }) => owner === 'colleague'),
    inbox('agent', { isUnread: true }, ({ unreadFor }) => unreadFor.includes('agent')),
    inbox('colleague', { isUnread: false }, ({ unreadFor }) => !unreadFor.includes('colleague')),
    inbox('contact', {}),
    inbox('contact', { status: ['RESOLVED'] }, ({ status }) => status === 'RESOLVED'),
    conversation('contact', first.id),
    inbox('bot', { labels: ['vip'] }, ({ labels }) => labels.includes('vip')),
    inbox(
      'colleague',
      { memberId: [organization.agent.id], isWaiting: true },
      ({ members, isWaiting }) => members.includes('agent') && isWaiting,
    ),
    inbox(
      'agent',
      { priority: ['URGENT'], assignment: 'UNASSIGNED' },
      ({ priority, owner }) => priority === 'URGENT' && owner === null,
    ),
    inbox('agent', { isDeleted: true }),
  ];
}

function typeOfChange({ type }: ExpectedEvent): string {
  if (type === 'DELETED') return 'ConversationDeleted';
  if (type === 'MESSAGE_ADDED') return 'MessageAdded';
  return type === 'READ' ? 'ConversationRead' : 'ConversationChanged';
}
