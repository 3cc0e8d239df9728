import { randomUUID } from 'node:crypto';
import type { Answer } from '../support/gateway.ts';
import { type Contact, isContact, type Operation, type User, VIEWERS, type Who } from '../support/model.ts';
import type { Person } from '../support/mutations.ts';
import type { TestOrganization } from '../support/organization.ts';
import type { createChance } from '../support/random.ts';

// Below the page size of 100, so that a list can be compared with one query.
const MAX_CONVERSATIONS = 60;

type WithoutPlace<T> = T extends unknown ? Omit<T, 'by' | 'at'> : never;
/** An operation of the model, without author and conversation index. */
export type ModelStep = WithoutPlace<Operation>;

/** A change that the gateway has acknowledged. */
export interface Acknowledged {
  organizationId: string;
  conversationId: string;
  by: Who;
  step: ModelStep;
  /** Cursor of the change's event; the newest cursor if nothing changed. */
  cursor: string;
  /** Milliseconds since 1970. */
  acknowledgedAt: number;
  /** Sends the change again with the same idempotency key; resolves with the cursor. */
  again: () => Promise<string>;
}

export interface ChaosOrganization extends TestOrganization {
  /** Conversation ids with their contacts. */
  conversations: { id: string; contact: Contact }[];
}

type Chance = ReturnType<typeof createChance>;
type Send = (person: Person, query: string, variables: object) => Promise<Answer>;

// Refusals make no event.
const REFUSALS = ['NotFoundError', 'AlreadyAssignedError', 'ConversationClosedError'];

function documentOf(mutation: string, inputType?: string): string {
  const type = inputType ?? `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  return `mutation ($input: ${type}!) { changed: ${mutation}(input: $input) { __typename ${mutation === 'createConversation' ? '... on Conversation { id }' : ''} ... on UserError { message } } }`;
}

/** Creates writers that retry with the same idempotency key until they have an answer. */
export function createWriters({ send, chance }: { send: Send; chance: Chance }) {
  const acknowledged: Acknowledged[] = [];
  const counts = { changes: 0, refused: 0, retries: 0, replayed: 0 };
  const waits: number[] = [];
  const { dice, pick } = chance;

  async function sendUntilAnswered(person: Person, query: string, variables: object): Promise<Answer> {
    for (;;) {
      const answer = await send(person, query, variables).catch(() => null);
      const codes = (answer?.errors ?? []).map(({ extensions }) => String(extensions?.code));
      if (answer && !codes.some((code) => ['BUSY', 'INTERNAL_SERVER_ERROR'].includes(code))) return answer;
      counts.retries += 1;
      await new Promise((resolve) => setTimeout(resolve, 100 + dice(300)));
    }
  }

  async function applyChange(
    organization: ChaosOrganization,
    made: {
      conversationId?: string;
      by: Who;
      doing: ModelStep;
      mutation: string;
      input: object;
      type?: string;
    },
  ): Promise<string | null> {
    const { by, doing, mutation, type, input } = made;
    const query = documentOf(mutation, type);
    const variables = { input: { ...input, idempotencyKey: randomUUID() } };
    const begun = performance.now();
    const answer = await sendUntilAnswered(organization[by], query, variables);
    waits.push(performance.now() - begun);
    const { __typename, id } = answer.data?.changed ?? {};
    // Applied, but the conversation was deleted before the answer was read. Only such an answer has a cursor.
    const isGone = __typename === 'NotFoundError' && answer.extensions?.cursor !== undefined;
    if (REFUSALS.includes(__typename) && !isGone) {
      counts.refused += 1;
      return null;
    }
    if (__typename !== 'Conversation' && __typename !== 'MessageSent' && !isGone)
      throw new Error(`${mutation} was not done: ${JSON.stringify(answer)}`);
    counts.changes += 1;
    if (answer.extensions?.replayed) counts.replayed += 1;
    const conversationId: string = made.conversationId ?? id;
    acknowledged.push({
      ...{ organizationId: organization.id, conversationId, by, step: doing },
      cursor: String(answer.extensions?.cursor),
      acknowledgedAt: Date.now(),
      again: async () =>
        String((await sendUntilAnswered(organization[by], query, variables)).extensions?.cursor),
    });
    return conversationId;
  }

  async function open(organization: ChaosOrganization, contact: Contact) {
    const id = await applyChange(organization, {
      ...{
        by: 'agent',
        doing: { do: 'create', contact, withMessage: false },
        mutation: 'createConversation',
      },
      input: { channelId: organization.channel.id, contactId: organization[contact].id },
    });
    if (id !== null) organization.conversations.push({ id, contact });
  }

  async function rename(organization: ChaosOrganization, name: string) {
    const { id: conversationId } = pick(organization.conversations);
    await applyChange(organization, {
      ...{ conversationId, by: 'agent', doing: { do: 'rename', name, isStale: false } },
      ...{ mutation: 'renameConversation', input: { conversationId, name } },
    });
  }

  async function sendMessage(organization: ChaosOrganization, content: string, isPrivate: boolean) {
    const { id: conversationId, contact } = pick(organization.conversations);
    const by = pick(VIEWERS.filter((who) => (isContact(who) ? who === contact && !isPrivate : true)));
    const input = { conversationId, content, ...(isPrivate ? { isPrivate } : {}) };
    await applyChange(organization, {
      ...{ conversationId, by, doing: { do: 'send', isPrivate }, mutation: 'sendMessage', input },
    });
  }

  /** Applies a random change that moves conversations between lists. */
  async function changeConversation(organization: ChaosOrganization) {
    const { id: conversationId, contact } = pick(organization.conversations);
    const user = pick<User>(['agent', 'colleague']);
    const to = pick<User | null>(['agent', 'colleague', null]);
    const receiver = pick<User | 'bot' | null>(['agent', 'colleague', 'bot', null]);
    const status = pick(['OPEN', 'PENDING', 'RESOLVED']);
    const priority = pick(['URGENT', 'LOW', null]);
    const [add, remove] = pick([
      [['vip'], []],
      [[], ['vip']],
    ]);
    const idOf = (who: Who | null) => who && organization[who].id;
    const other = pick<User>(['agent', 'colleague']);
    const [one, member] = ['ConversationInput', 'ConversationMemberInput'];
    const [mutation, doing, more, type] = pick<[string, ModelStep, object?, string?]>([
      ['setConversationStatus', { do: 'setStatus', status }, { status }],
      ['setConversationStatus', { do: 'setStatus', status }, { status }],
      ['assignConversation', { do: 'assign', to }, { userId: idOf(to) }],
      ['claimConversation', { do: 'claim' }, {}, one],
      ['handOverConversation', { do: 'handOver', to: receiver }, { to: idOf(receiver) }],
      ['setConversationLabels', { do: 'label', add, remove }, { add, remove }],
      ['setConversationPriority', { do: 'prioritize', priority }, { priority }],
      ['joinConversation', { do: 'join' }, {}, one],
      ['leaveConversation', { do: 'leave' }, {}, one],
      ['addConversationMember', { do: 'addMember', user: other }, { userId: idOf(other) }, member],
      ['removeConversationMember', { do: 'removeMember', user: other }, { userId: idOf(other) }, member],
      ['markConversationRead', { do: 'read', upTo: null }],
      ['markConversationRead', { do: 'read', upTo: null }],
      // Deletes only conversations of the contact without a client: a contact's stream does not tell of conversations deleted before.
      ...(contact === 'otherContact'
        ? [
            ['deleteConversation', { do: 'delete' }, {}, one] as [string, ModelStep, object, string],
            ['restoreConversation', { do: 'restore' }, {}, one] as [string, ModelStep, object, string],
            ['restoreConversation', { do: 'restore' }, {}, one] as [string, ModelStep, object, string],
          ]
        : []),
    ]);
    const by = doing.do === 'read' ? pick<Who>(['agent', 'colleague', contact]) : user;
    const input = { conversationId, ...more };
    await applyChange(organization, {
      conversationId,
      by,
      doing,
      mutation,
      input,
      ...(type ? { type } : {}),
    });
  }

  return {
    acknowledged,
    counts,
    open,
    /**
     * Writes the last events of the log, one for each contact. A change that made no event, when it is sent again, is answered with the newest
     * event that its author can see: one of these. Returns the cursor of the first.
     */
    async writeLast(organization: ChaosOrganization): Promise<string> {
      const from = acknowledged.length;
      await open(organization, 'contact');
      await open(organization, 'otherContact');
      return acknowledged[from]?.cursor ?? '';
    },
    /** Median and 95th percentile of the time to an answer, in milliseconds. */
    waits() {
      const sorted = waits.sort((a, b) => a - b);
      const at = (share: number) => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
      return { medianMs: at(0.5), p95Ms: at(0.95) };
    },
    /** Writes until `isOver` returns true. */
    async write(organization: ChaosOrganization, name: string, isOver: () => boolean) {
      for (let count = 0; !isOver(); count++) {
        const what = dice(100);
        if (what < 45) await sendMessage(organization, `${name} ${count}`, what < 7);
        else if (what < 55) await rename(organization, `${name} ${count}`);
        else if (what > 98 && organization.conversations.length < MAX_CONVERSATIONS)
          await open(organization, pick(['contact', 'otherContact']));
        else await changeConversation(organization);
      }
    },
  };
}
