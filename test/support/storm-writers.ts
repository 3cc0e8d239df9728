import { randomUUID } from 'node:crypto';
import type { Person } from './change.ts';
import type { Answer } from './gateway.ts';
import type { TestOrganization } from './organization.ts';
import type { createChance } from './random.ts';

/** A change that was acknowledged: what whoever may see it must hear, once. */
export interface Acknowledged {
  organizationId: string;
  conversationId: string;
  contactId: string;
  cursor: string;
  /** Null where it is no message. */
  messageId: string | null;
  isPrivate: boolean;
}

export interface StormOrganization extends TestOrganization {
  /** Each with the contact whose it is. */
  conversations: { id: string; contactId: string }[];
}

type Chance = ReturnType<typeof createChance>;
type Send = (person: Person, query: string, variables: object) => Promise<Answer>;

const SEND = `mutation ($input: SendMessageInput!) { changed: sendMessage(input: $input) { __typename ... on MessageSent { sent { id } } ... on UserError { message } } }`;
const change = (mutation: string, type: string) =>
  `mutation ($input: ${type}!) { changed: ${mutation}(input: $input) { __typename ... on UserError { message } } }`;
const RENAME = change('renameConversation', 'RenameConversationInput');

/** Writers that ask again, with the same key, until they have an answer. */
export function createWriters({ send, chance }: { send: Send; chance: Chance }) {
  const acknowledged: Acknowledged[] = [];
  const counts = { changes: 0, retries: 0, replayed: 0 };
  const waits: number[] = [];
  const { dice, pick } = chance;

  async function insist(person: Person, query: string, input: object): Promise<Answer> {
    const begun = performance.now();
    const variables = { input: { ...input, idempotencyKey: randomUUID() } };
    for (;;) {
      const answer = await send(person, query, variables).catch(() => null);
      const codes = (answer?.errors ?? []).map(({ extensions }) => extensions?.code);
      if (answer && !codes.some((code) => ['BUSY', 'INTERNAL_SERVER_ERROR'].includes(String(code)))) {
        counts.changes += 1;
        waits.push(performance.now() - begun);
        if (answer.extensions?.replayed) counts.replayed += 1;
        return answer;
      }
      counts.retries += 1;
      await new Promise((resolve) => setTimeout(resolve, 100 + dice(300)));
    }
  }

  async function say(organization: StormOrganization, content: string, isPrivate: boolean) {
    const { id: conversationId, contactId } = pick(organization.conversations);
    const { agent, colleague, bot, contact, otherContact } = organization;
    const own = [contact, otherContact].find(({ id }) => id === contactId) ?? contact;
    const person: Person = pick(isPrivate ? [agent, colleague] : [agent, colleague, bot, own]);
    const answer = await insist(person, SEND, {
      conversationId,
      content,
      ...(isPrivate ? { isPrivate } : {}),
    });
    const messageId = answer.data?.changed?.sent?.id;
    if (!messageId) throw new Error(`not sent: ${JSON.stringify(answer)}`);
    note(answer, { organizationId: organization.id, conversationId, contactId, messageId, isPrivate });
  }

  async function rename(organization: StormOrganization, name: string) {
    const { id: conversationId, contactId } = pick(organization.conversations);
    const answer = await insist(organization.agent, RENAME, { conversationId, name });
    if (answer.data?.changed?.__typename !== 'Conversation')
      throw new Error(`not renamed: ${JSON.stringify(answer)}`);
    note(answer, {
      organizationId: organization.id,
      conversationId,
      contactId,
      messageId: null,
      isPrivate: false,
    });
  }

  function note({ extensions }: Answer, made: Omit<Acknowledged, 'cursor'>) {
    acknowledged.push({ ...made, cursor: String(extensions?.cursor) });
  }

  /** What moves conversations from list to list; refused or not, nobody counts it. */
  async function stir({ conversations, agent, colleague }: StormOrganization) {
    const conversationId = pick(conversations).id;
    const one = { conversationId };
    const [query, input] = pick<[string, object]>([
      [
        change('setConversationStatus', 'SetConversationStatusInput'),
        { ...one, status: pick(['OPEN', 'PENDING', 'RESOLVED']) },
      ],
      [
        change('assignConversation', 'AssignConversationInput'),
        { ...one, userId: pick([agent.id, colleague.id, null]) },
      ],
      [
        change('setConversationLabels', 'SetConversationLabelsInput'),
        { ...one, [pick(['add', 'remove'])]: ['vip'] },
      ],
      [
        change('setConversationPriority', 'SetConversationPriorityInput'),
        { ...one, priority: pick(['URGENT', 'LOW', null]) },
      ],
      [change('joinConversation', 'ConversationInput'), one],
      [change('leaveConversation', 'ConversationInput'), one],
      [change('markConversationRead', 'MarkConversationReadInput'), one],
    ]);
    await insist(pick([agent, colleague]), query, input);
  }

  return {
    acknowledged,
    counts,
    /** How long half of them, and nineteen of twenty, waited for their answer. */
    waits() {
      const sorted = waits.sort((a, b) => a - b);
      const at = (share: number) => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
      return { medianMs: at(0.5), p95Ms: at(0.95) };
    },
    /** Writes until it is told to stop. */
    async write(organization: StormOrganization, name: string, isOver: () => boolean) {
      for (let count = 0; !isOver(); count++) {
        const what = dice(10);
        if (what < 5) await say(organization, `${name} ${count}`, what === 0);
        else if (what < 6) await rename(organization, `${name} ${count}`);
        else await stir(organization);
      }
    },
  };
}
