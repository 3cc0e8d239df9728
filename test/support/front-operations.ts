// Operations as front ends send them: an agent's desk, a contact's widget, a bot, a supervisor's wallboard.

const PERSON = 'fragment Person on User { id name displayName avatarUrl availability isOnline }';
const WHO =
  'fragment Who on Actor { __typename id name avatarUrl ... on User { displayName } ... on Contact { isOnline } }';
const ROW = `fragment Row on Conversation {
    id number name status priority snoozedUntil unreadCount lastSeq waitingSince firstRepliedAt lastInteractedAt createdAt version labels
    contact { id name avatarUrl isOnline } owner { ...Person } bot { id name } channel { id name channelType } website { id name url }
    audience { id name } viewerCan allowedStatuses
    lastMessage { id seq direction content contentType isPrivate createdAt attachments { id fileType } sender { ...Who } }
  } ${PERSON} ${WHO}`;
const BUBBLE = `fragment Bubble on Message {
    id seq direction contentType content contentAttributes isPrivate deliveryStatus createdAt updatedAt deletedAt sender { ...Who }
    attachments { id fileType extension dataUrl thumbUrl fileSize width height fallbackTitle transcribedText meta }
    replyTo { id seq content sender { ...Who } }
  }`;
const PAGE = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

/** Documents with their variables, by name. */
export const FRONT_OPERATIONS: Record<string, [document: string, variables?: Record<string, unknown>]> = {
  'desk: start': [
    `{ viewer { organization { id name businessUnits { id name } } identity { ...Who } } streamCursor
      conversationCounts { all mine unassigned unread byStatus { status count } byOwner { owner { ...Person } count } }
      channels(first: 100) { nodes { id name channelType } } users(first: 100) { nodes { ...Person } } } ${PERSON} ${WHO}`,
  ],
  'desk: inbox': [
    `query ($filter: ConversationFilter, $orderBy: ConversationOrder, $first: Int, $after: String) {
      conversations(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
        totalCount edges { cursor node { ...Row } } ${PAGE} } streamCursor } ${ROW}`,
    { first: 50, filter: { status: ['OPEN', 'PENDING'], assignment: 'MINE', labels: ['vip', 'refund'] } },
  ],
  'desk: search': [
    `query ($text: String, $first: Int) { conversations(filter: { text: $text }, first: $first) { totalCount nodes { ...Row } ${PAGE} } } ${ROW}`,
    { text: 'where is my order', first: 20 },
  ],
  'desk: live inbox': [
    `subscription ($filter: ConversationFilter, $after: String) { inbox(filter: $filter, after: $after) { __typename
      ... on Event { cursor occurredAt actor { ...Who } }
      ... on ConversationEntered { conversation { ...Row } } ... on ConversationCreated { conversation { ...Row } }
      ... on ConversationChanged { type conversation { ...Row } changes { field before after } }
      ... on ConversationLeft { conversationId } ... on ConversationDeleted { conversationId }
      ... on MessageAdded { message { ...Bubble conversation { id lastSeq unreadCount version } } } ... on MessageChanged { message { ...Bubble } }
      ... on CaughtUp { cursor } ... on ResetRequired { reason resumeAfter } } } ${ROW} ${BUBBLE}`,
    { filter: { status: ['OPEN'], text: 'refund' } },
  ],
  'desk: conversation': [
    `query ($id: ID!, $last: Int) { conversation(id: $id) { ...Row detail customAttributes answers { question value } bookings
      source { type target name } participants { type target targetName name } reference { type target }
      members { user { ...Person } joinedAt lastReadSeq addedBy { id } }
      messages(last: $last) { edges { cursor node { ...Bubble } } ${PAGE} }
      timeline(last: 50) { edges { cursor node { id type occurredAt actor { ...Who } changes { field before after } } } } } } ${ROW} ${BUBBLE}`,
    { id: 'CVR-1', last: 50 },
  ],
  'desk: contact': [
    `query ($id: ID!) { contact(id: $id) { id name email phoneNumber avatarUrl labels customAttributes isOnline
      conversations(first: 10) { totalCount nodes { id number status lastMessage { id content } owner { ...Person } } ${PAGE} } } } ${PERSON}`,
    { id: 'CTC-1' },
  ],
  'desk: contact picker': [
    'query ($query: String) { contacts(query: $query, first: 10) { nodes { id name email avatarUrl } pageInfo { endCursor } } }',
    { query: 'ana maria lopez' },
  ],
  'desk: send': [
    `mutation ($input: SendMessageInput!) { sendMessage(input: $input) { __typename ... on UserError { message }
      ... on NewerMessagesError { newer { ...Bubble } } ... on InvalidInputError { issues { code message path } } } } ${BUBBLE} ${WHO}`,
    { input: { conversationId: 'CVR-1', content: 'Hello' } },
  ],
  'desk: close a hundred': [
    `mutation ($input: UpdateConversationsInput!) { updateConversations(input: $input) { __typename
      ... on ConversationsUpdated { results { ... on Conversation { id status version } ... on UserError { message } } } } }`,
    {
      input: {
        conversationIds: Array.from({ length: 100 }, (_, index) => `CVR-${index}`),
        status: 'RESOLVED',
      },
    },
  ],
  'desk: objects of a cache': [
    `query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Conversation { ...Row } } } ${ROW}`,
    { ids: Array.from({ length: 50 }, (_, index) => `CVR-${index}`) },
  ],
  'widget: start': [
    `{ viewer { identity { __typename ... on Contact { id name email conversations(first: 5) { nodes { id uuid status lastSeq unreadCount
      agentLastSeenAt owner { id displayName avatarUrl } bot { id name } messages(last: 30) { nodes { ...Bubble } ${PAGE} } } } } } }
      streamCursor } ${BUBBLE} ${WHO}`,
  ],
  'widget: live conversation': [
    `subscription ($id: ID!) { conversation(id: $id) { __typename ... on MessageAdded { message { ...Bubble } }
      ... on MessageChanged { message { ...Bubble } } ... on ConversationChanged { type conversation { id status owner { id displayName } } }
      ... on ConversationRead { conversation { id agentLastSeenAt } } ... on CaughtUp { cursor } } } ${BUBBLE} ${WHO}`,
    { id: 'CVR-1' },
  ],
  'bot: backlog': [
    `{ conversations(filter: { status: [PENDING] }, first: 50) { nodes { id lastSeq answers { question value } contact { id name language }
      messages(last: 20) { nodes { id seq content direction contentAttributes } } } pageInfo { endCursor } } streamCursor }`,
  ],
  'supervisor: wallboard': [
    `{ conversationCounts { all unassigned byStatus { status count } byOwner { owner { ...Person } count } }
      users(first: 100) { nodes { ...Person } } } ${PERSON}`,
  ],
  'supervisor: longest waiting': [
    `{ conversations(filter: { status: [OPEN] }, orderBy: { field: WAITING_SINCE, direction: ASC }, first: 100) { totalCount
      nodes { id number waitingSince firstRepliedAt createdAt priority owner { id displayName } contact { id name } } ${PAGE} } }`,
  ],
  'supervisor: history': [
    `query ($id: ID!) { conversation(id: $id) { id timeline(first: 100) { nodes { id type occurredAt actor { ...Who }
      changes { field before after } message { id content } } ${PAGE} } } } ${WHO}`,
    { id: 'CVR-1' },
  ],
};
