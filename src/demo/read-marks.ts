import type { Scene } from './scene.ts';
import type { SaidMessage, Story } from './story.ts';

/** What everybody has read by now. */
export function setReadMarks(story: Story, scene: Scene, memberIds: readonly string[]) {
  const { messages } = story;
  const last = messages.at(-1);
  if (!last) return;
  const seenAt = new Date(Math.min(timeOf(last) + 12_000, scene.now.getTime() - 5_000));

  const unreadFrom = beginOfLastTurn(messages, (message) => message.direction === 'INCOMING');
  for (const userId of memberIds) {
    const isBehind =
      userId === scene.owner.id ? scene.isUnread : scene.isUnread || last.direction === 'INCOMING';
    const seq = isBehind ? unreadFrom - 1 : last.seq;
    const read = messages[seq - 1];
    if (read) story.memberReads(seq === last.seq ? seenAt : new Date(timeOf(read) + 3_000), userId, seq);
  }

  const seen = messages.filter((message) => message.publicSeq !== null);
  // Whoever writes has read what came before.
  const isBehind = scene.isUnreadByContact && seen.at(-1)?.direction !== 'INCOMING';
  const end = isBehind ? beginOfLastTurn(seen, (message) => message.direction !== 'INCOMING') : Infinity;
  const lastSeen = seen.findLast((message) => message.seq < end);
  if (lastSeen) {
    const at = Math.min(timeOf(lastSeen) + 4_000, scene.now.getTime() - 1_000);
    story.contactReads(new Date(at), lastSeen);
  }
}

/** Number of the message with which one side began to speak last. */
function beginOfLastTurn(
  messages: readonly SaidMessage[],
  isTheirs: (message: SaidMessage) => boolean,
): number {
  const end = messages.findLastIndex(isTheirs);
  const before = messages.slice(0, Math.max(end, 0)).findLastIndex((message) => !isTheirs(message));
  return messages[before + 1]?.seq ?? 1;
}

function timeOf({ createdAt }: SaidMessage): number {
  return new Date(createdAt ?? 0).getTime();
}
