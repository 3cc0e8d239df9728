const INBOX = `# The inbox page, loaded with one SQL statement.
query Inbox {
  streamCursor
  conversations(first: 20, filter: { status: [OPEN, PENDING] }) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes {
      id number name status unreadCount lastInteractedAt
      contact { id name email }
      owner { id displayName }
      bot { id name }
      website { id name url }
      audience { id name }
      lastMessage { id content sender { name } createdAt }
    }
  }
}`;

const LIVE = `# New messages, live. Send one in the next tab.
subscription Live {
  messageAdded {
    __typename
    ... on MessageAdded {
      cursor
      message { id content isPrivate sender { name } conversation { id number name } }
    }
    ... on CaughtUp { cursor }
    ... on ResetRequired { reason resumeAfter }
  }
}`;

const SEND = `# Replace the conversation id in the variables.
mutation Send($input: SendMessageInput!) {
  sendMessage(input: $input) {
    ... on MessageSent { sent { id seq content conversation { id status } } }
    ... on UserError { __typename message }
  }
}`;

const ASSIGN = `mutation Assign($input: AssignConversationInput!) {
  assignConversation(input: $input) {
    ... on Conversation { id version owner { id displayName } }
    ... on UserError { __typename message }
  }
}`;

const ONE = `# A conversation that was imported from OnceHub.
query One {
  conversationByPublicId(publicId: "CVR-022EAEA41C") {
    id number status bookings
    answers { questionId question value }
    origin { system externalId externalStatus }
    messages(last: 20) { nodes { seq content sender { __typename name } } }
  }
}`;

/** Tabs that GraphiQL opens with, and the headers of new ones. The placeholder stands in place of the token. */
export function createExamples(placeholder: string) {
  const headers = JSON.stringify({ Authorization: `Bearer ${placeholder}` }, null, 2);
  const sample = JSON.stringify({ input: { conversationId: 'CVR-…', content: 'Hello!' } }, null, 2);
  const assignment = JSON.stringify({ input: { conversationId: 'CVR-…', userId: 'USR-…' } }, null, 2);
  return {
    // GraphiQL takes these instead of those of the first tab when it is opened for the first time.
    defaultHeaders: headers,
    defaultTabs: [
      { query: INBOX, headers },
      { query: LIVE, headers },
      { query: SEND, variables: sample, headers },
      { query: ASSIGN, variables: assignment, headers },
      { query: ONE, headers },
    ],
  };
}
