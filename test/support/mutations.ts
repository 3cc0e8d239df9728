import type { Answer, Gateway } from './gateway.ts';

// The mutations, with the fields that tests read.

export type Person = { id: string; organizationId: string };
export type Issue = { code: string; path: string[] };

export interface ConversationState {
  __typename: 'Conversation';
  id: string;
  uuid: string;
  number: number;
  publicId: string;
  name: string;
  detail: string | null;
  status: string;
  snoozedUntil: string | null;
  initiatedBy: string;
  handledBy: string;
  contact: { id: string };
  owner: { id: string } | null;
  bot: { id: string } | null;
  members: { user: { id: string }; addedBy: { id: string } | null }[] | null;
  lastSeq: number;
  unreadCount: number;
  waitingSince: string | null;
  firstRepliedAt: string | null;
  resolvedAt: string | null;
  reopenedCount: number;
  lastInteractedAt: string;
  createdAt: string;
  updatedAt: string;
  version: number | null;
  allowedStatuses: string[];
}

export interface MessageState {
  __typename: 'Message';
  id: string;
  seq: number;
  direction: string;
  content: string | null;
  isPrivate: boolean;
  createdAt: string;
  contentAttributes: Record<string, unknown>;
  deliveryStatus: string;
  editedAt: string | null;
  updatedAt: string;
  deletedAt: string | null;
  sender: { __typename: string; id: string } | null;
  replyTo: { id: string } | null;
  mentions: { id: string }[];
  attachments: { fileType: string; fileName: string | null; dataUrl: string | null; meta: unknown }[];
  conversation: ConversationState;
}

export interface CallState {
  url: string | null;
  conversation: ConversationState;
  invitation: MessageState & { contentType: string; joinUrl: string | null };
}

/** Answer of a mutation: `done` or `refused`; `errors` when the field failed. */
export interface MutationOutcome<T> {
  result: T | null;
  refusal: {
    __typename: string;
    message: string;
    issues?: Issue[];
    conversation?: ConversationState;
    newer?: MessageState[];
  } | null;
  errors: Answer['errors'];
  /** Cursor of the change. */
  cursor: string | undefined;
}

export const CONVERSATION = `__typename id uuid number publicId name detail status snoozedUntil initiatedBy handledBy
  contact { id } owner { id } bot { id } members { user { id } addedBy { id } } lastSeq unreadCount waitingSince firstRepliedAt resolvedAt
  reopenedCount lastInteractedAt createdAt updatedAt version allowedStatuses`;

const MESSAGE = `__typename id seq direction content contentAttributes deliveryStatus isPrivate createdAt editedAt updatedAt deletedAt sender { __typename id } replyTo { id } mentions { id }
  attachments { fileType fileName dataUrl meta } conversation { ${CONVERSATION} }`;

const REFUSED = '... on UserError { __typename message } ... on InvalidInputError { issues { code path } }';
const CONFLICT = `... on VersionConflictError { conversation { ${CONVERSATION} } }`;

const SELECTED = {
  createConversation: `... on Conversation { ${CONVERSATION} } ${REFUSED}`,
  renameConversation: `... on Conversation { ${CONVERSATION} } ${REFUSED} ${CONFLICT}`,
  assignConversation: `... on Conversation { ${CONVERSATION} } ${REFUSED} ${CONFLICT}`,
  setConversationStatus: `... on Conversation { ${CONVERSATION} } ${REFUSED} ${CONFLICT}
    ... on InvalidTransitionError { conversation { ${CONVERSATION} } }`,
  sendMessage: `... on MessageSent { sent { ${MESSAGE} } } ${REFUSED}
    ... on ConversationClosedError { conversation { ${CONVERSATION} } }
    ... on NewerMessagesError { conversation { ${CONVERSATION} } newer { ${MESSAGE} } }`,
  updateMessage: `... on MessageSent { sent { ${MESSAGE} } } ${REFUSED}`,
  deleteMessage: `... on MessageSent { sent { ${MESSAGE} } } ${REFUSED}`,
  submitMessageForm: `... on MessageSent { sent { ${MESSAGE} } } ${REFUSED}`,
  startVideoCall: `... on VideoCall { __typename url conversation { ${CONVERSATION} } invitation { ${MESSAGE} contentType joinUrl } } ${REFUSED}
    ... on ConversationClosedError { conversation { ${CONVERSATION} } }`,
  markConversationRead: `... on Conversation { ${CONVERSATION} } ${REFUSED}`,
};

type Mutation = keyof typeof SELECTED;

export type Mutations = ReturnType<typeof createMutations>;

/** Creates functions that call mutations of this gateway. */
export function createMutations(gateway: Pick<Gateway, 'ask'>) {
  async function run(mutation: Mutation, person: Person, input: object) {
    const type =
      mutation === 'startVideoCall'
        ? 'ConversationInput!'
        : `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`;
    const document = `mutation ($input: ${type}) { ${mutation}(input: $input) { ${SELECTED[mutation]} } }`;
    const { data, errors, extensions } = await gateway.ask(person, document, { input });
    return { result: data?.[mutation] ?? null, errors, cursor: extensions?.cursor as string | undefined };
  }

  async function conversation(
    mutation: Mutation,
    person: Person,
    input: object,
  ): Promise<MutationOutcome<ConversationState>> {
    const { result, ...rest } = await run(mutation, person, input);
    const isDone = result?.__typename === 'Conversation';
    return { result: isDone ? result : null, refusal: isDone ? null : result, ...rest };
  }

  async function message(
    mutation: Mutation,
    person: Person,
    input: object,
  ): Promise<MutationOutcome<MessageState>> {
    const { result, ...rest } = await run(mutation, person, input);
    const sent = result?.sent ?? null;
    return { result: sent, refusal: sent ? null : result, ...rest };
  }

  return {
    create: (person: Person, input: object) => conversation('createConversation', person, input),
    rename: (person: Person, input: object) => conversation('renameConversation', person, input),
    assign: (person: Person, input: object) => conversation('assignConversation', person, input),
    setStatus: (person: Person, input: object) => conversation('setConversationStatus', person, input),
    send: (person: Person, input: object) => message('sendMessage', person, input),
    update: (person: Person, input: object) => message('updateMessage', person, input),
    deleteMessage: (person: Person, input: object) => message('deleteMessage', person, input),
    submitForm: (person: Person, input: object) => message('submitMessageForm', person, input),
    markRead: (person: Person, input: object) => conversation('markConversationRead', person, input),
    async startCall(person: Person, input: object): Promise<MutationOutcome<CallState>> {
      const { result, ...rest } = await run('startVideoCall', person, input);
      const isDone = result?.__typename === 'VideoCall';
      return { result: isDone ? result : null, refusal: isDone ? null : result, ...rest };
    },
    /** The conversation as this viewer sees it. */
    async read(person: Person, id: string): Promise<ConversationState> {
      const { data, errors } = await gateway.ask(
        person,
        `query ($id: ID!) { conversation(id: $id) { ${CONVERSATION} } }`,
        { id },
      );
      if (!data?.conversation) throw new Error(`no conversation ${id}: ${JSON.stringify(errors)}`);
      return data.conversation;
    },
  };
}

/** The changed object. Throws with the refusal if there is one. */
export function requireResult<T>({ result, refusal: refused, errors }: MutationOutcome<T>): T {
  if (result === null) throw new Error(`refused: ${JSON.stringify(refused ?? errors)}`);
  return result;
}
