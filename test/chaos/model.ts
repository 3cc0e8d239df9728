import pLimit from 'p-limit';
import { type Conversation, isContact, type Model, type User } from '../support/model.ts';
import { apply } from '../support/model-operation.ts';
import type { Acknowledged } from './writers.ts';

const RETRY_CONCURRENCY = 40;

/** The part of a conversation that list filters depend on. */
export interface ConversationSnapshot
  extends Pick<Conversation, 'id' | 'contact' | 'status' | 'owner' | 'labels' | 'priority'> {
  isDeleted: boolean;
  isWaiting: boolean;
  unreadFor: User[];
  members: User[];
}

/** One event of the log, as derived from the acknowledged changes. */
export interface ExpectedEvent {
  position: number;
  type: string;
  /** True when the conversation's contact receives it. */
  isPublic: boolean;
  /** The conversation before the event; null if it did not exist. */
  before: ConversationSnapshot | null;
  after: ConversationSnapshot;
}

type WritersByPosition = ReadonlyMap<number, Acknowledged>;

/**
 * Reconstructs an organization's log from the writers' answers alone: the cursors give the order, and the model gives the effect of
 * each change. `end` is the position of the first of the last events. Throws when a position is not explained by exactly one acknowledged change.
 */
export async function reconstructLog(
  acknowledged: readonly Acknowledged[],
  { positionOf, end }: { positionOf: (cursor: string) => number; end: number },
): Promise<ExpectedEvent[]> {
  try {
    return replayInModel(await matchWritersToPositions(acknowledged, { positionOf, end, asks: isAmbiguous }));
  } catch {
    return replayInModel(await matchWritersToPositions(acknowledged, { positionOf, end, asks: () => true }));
  }
}

// These always make an event; all others only when they change something.
const ALWAYS_AN_EVENT = ['create', 'rename', 'send'];
const isAlwaysAnEvent = ({ step: doing }: Acknowledged) => ALWAYS_AN_EVENT.includes(doing.do);

/** True when several changes report the same position and it is unclear which of them made its event. */
function isAmbiguous(made: Acknowledged, rivals: readonly Acknowledged[]): boolean {
  return rivals.length > 1 && !(isAlwaysAnEvent(made) && rivals.filter(isAlwaysAnEvent).length === 1);
}

/**
 * Maps each position to the change that made it. Ambiguous changes are sent again with the same idempotency key: a change that made
 * an event reports its own position again, any other reports one of the last ones.
 */
async function matchWritersToPositions(
  acknowledged: readonly Acknowledged[],
  {
    positionOf,
    end,
    asks,
  }: {
    positionOf: (cursor: string) => number;
    end: number;
    asks: (made: Acknowledged, rivals: readonly Acknowledged[]) => boolean;
  },
): Promise<WritersByPosition> {
  const claims = new Map<string, Acknowledged[]>();
  for (const made of acknowledged) claims.set(made.cursor, [...(claims.get(made.cursor) ?? []), made]);
  const limit = pLimit(RETRY_CONCURRENCY);
  const makers = new Map<number, Acknowledged>();
  await Promise.all(
    acknowledged.map(async (made) => {
      const isAsked = asks(made, claims.get(made.cursor) ?? []);
      const position = positionOf(isAsked ? await limit(made.again) : made.cursor);
      if (position >= end && !isAlwaysAnEvent(made)) return;
      const rival = makers.get(position);
      if (rival)
        throw new Error(
          `two changes have made position ${position}: ${describeChange(made)} and ${describeChange(rival)}`,
        );
      makers.set(position, made);
    }),
  );
  return makers;
}

const describeChange = ({ by, step: doing, conversationId }: Acknowledged) =>
  `${by} ${JSON.stringify(doing)} in ${conversationId}`;

/** Applies each change to the model. Each must make as many events as it has positions. */
function replayInModel(makers: WritersByPosition): ExpectedEvent[] {
  const model: Model = { conversations: [], blocked: new Set() };
  const indexes = new Map<string, number>();
  const history: ExpectedEvent[] = [];
  for (const [position, made] of [...makers].sort(([one], [other]) => one - other)) {
    const { by, step: doing, conversationId } = made;
    const at = indexes.get(conversationId) ?? model.conversations.length;
    const known = model.conversations[at];
    const before = known ? snapshotOf(known) : null;
    const from = known?.timeline.length ?? 0;
    const outcome = apply(model, { ...doing, by, at });
    const changed = model.conversations[at];
    if (outcome !== 'OK' || !changed)
      throw new Error(`${describeChange(made)} was done, but should be ${outcome}`);
    changed.id = conversationId;
    indexes.set(conversationId, at);

    const after = snapshotOf(changed);
    const events = changed.timeline.slice(from);
    if (position - events.length !== history.length)
      throw new Error(
        `${describeChange(made)} has position ${position} and made ${events.length}, after ${history.length}`,
      );
    events.forEach(({ type, isPublic }, index) => {
      // A message that reopens a conversation, or takes it from the bot, makes that event directly before its own.
      const opened = before && { ...before, status: after.status };
      const isFirstOfTwo = index < events.length - 1;
      history.push({
        ...{ position: history.length + 1, type, isPublic },
        before: index === 0 ? before : opened,
        after: (isFirstOfTwo ? opened : null) ?? after,
      });
    });
  }
  return history;
}

function snapshotOf({ messages, members, ...conversation }: Conversation): ConversationSnapshot {
  const { id, contact, status, owner, labels, priority, isDeleted, isWaiting } = conversation;
  const lastIncoming = 1 + messages.findLastIndex(({ sender }) => isContact(sender));
  return {
    ...{ id, contact, status, owner, labels, priority, isDeleted, isWaiting },
    members: [...members.keys()],
    unreadFor: [...members].filter(([, read]) => lastIncoming > read).map(([user]) => user),
  };
}
