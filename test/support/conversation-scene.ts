import { beforeAll, beforeEach } from 'vitest';
import {
  createMutate,
  type Mutate,
  type MutationAnswer,
  readConversation,
} from './conversation-mutations.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { eventsOf } from './log.ts';
import type { Person } from './mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from './organization.ts';

export interface ConversationScene {
  readonly gateway: Gateway;
  readonly organization: TestOrganization;
  readonly conversationId: string;
  /** Runs a mutation on the conversation: `conversationId` is part of the input unless given otherwise. */
  mutate: (mutation: string, person: Person, input?: object) => Promise<MutationAnswer>;
  /** Replaces the conversation by a new one. */
  open: (input?: object) => Promise<void>;
  /** The conversation as this viewer sees it; null when it is hidden from them. */
  read: (person: Person) => ReturnType<typeof readConversation>;
  /** Events of the conversation, oldest first. */
  events: () => ReturnType<typeof eventsOf>;
  lastEvent: () => Promise<Awaited<ReturnType<typeof eventsOf>>[number] | undefined>;
}

/** One gateway for the file, and before each test a new organization with one conversation, created with `input`. */
export function useConversation(input: object = {}): ConversationScene {
  let gateway: Gateway;
  let mutate: Mutate;
  let organization: TestOrganization;
  let conversationId: string;

  async function open(other: object = {}) {
    conversationId = await openConversation(gateway, organization, other);
  }

  const events = () => eventsOf(gateway, { organizationId: organization.id, conversationId });

  beforeAll(async () => {
    gateway = await startGateway();
    mutate = createMutate(gateway);
  });

  beforeEach(async () => {
    organization = await createOrganization(gateway);
    await open(input);
  });

  return {
    get gateway() {
      return gateway;
    },
    get organization() {
      return organization;
    },
    get conversationId() {
      return conversationId;
    },
    mutate: (mutation, person, rest = {}) => mutate(mutation, person, { conversationId, ...rest }),
    open,
    read: (person) => readConversation(gateway, person, conversationId),
    events,
    lastEvent: async () => (await events()).at(-1),
  };
}
