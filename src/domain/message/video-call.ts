import type { Db } from '../../db/client.ts';
import type { Message, Prisma } from '../../db/generated/prisma/client.ts';
import { NotConfiguredError } from '../../errors.ts';
import { newId } from '../../ids.ts';
import { type CallParticipant, isRoomForCall, type VideoProvider } from '../../video/provider.ts';
import { requireAbility } from '../core/ability.ts';
import { buildConversationEvent, requireVersion } from '../core/conversation-change.ts';
import { lockVisible } from '../core/locking.ts';
import type { ConversationInput, RecordChange } from '../core/mutation.ts';
import type { Viewer } from '../core/viewer.ts';
import { insertMessage, prepareForMessage } from './send.ts';

const NOT_CONFIGURED =
  'Video calls are not set up. Set JITSI_URL, or LIVEKIT_URL with LIVEKIT_API_KEY and LIVEKIT_API_SECRET, and start the gateway again.';

export type CallInvitation = Pick<Message, 'id' | 'contentType' | 'contentAttributes' | 'deletedAt'>;
export type VideoCalls = ReturnType<typeof createVideoCalls>;

/** Video calls through the configured provider. Without one, startVideoCall throws NotConfiguredError and links are null. */
export function createVideoCalls({
  db,
  recordChange,
  provider,
}: {
  db: Db;
  recordChange: RecordChange;
  provider: VideoProvider | null;
}) {
  /** Creates a room and a message that invites to it. Returns a receipt with the message's id. */
  function startVideoCall(viewer: Viewer, input: ConversationInput) {
    requireAbility(viewer, 'START_VIDEO_CALL');
    if (!provider) throw new NotConfiguredError(NOT_CONFIGURED);
    return recordChange(viewer, { mutation: 'startVideoCall', input }, async (tx) => {
      const conversation = await lockVisible(tx, viewer, input.conversationId);
      requireVersion(conversation, input.expectedVersion);
      const opened = await prepareForMessage(tx, viewer, conversation, false);
      const id = newId('Message');
      const { messageId, events } = await insertMessage(tx, viewer, opened.conversation, {
        id,
        contentType: 'VIDEO_CALL',
        contentAttributes: { provider: provider.name, room: provider.createRoomName(id) },
        idempotencyKey: input.idempotencyKey,
      });
      const started = buildConversationEvent(conversation, {
        type: 'VIDEO_CALL_STARTED',
        messageId,
        isPublic: true,
      });
      return { result: messageId, events: [...opened.events, started, ...events] };
    });
  }

  /** Signed link of this viewer into the call of the message; null without a call to join. */
  async function createJoinUrl(viewer: Viewer, message: CallInvitation): Promise<string | null> {
    const room = provider && findRoom(provider, message);
    if (!room) return null;
    const person = await readParticipant(db, viewer);
    return person && provider.createJoinUrl(room, person, { isModerator: viewer.kind === 'user' });
  }

  return { startVideoCall, createJoinUrl, isConfigured: provider !== null };
}

// contentAttributes come from the sender, so a room is accepted only if its name was created for this message.
function findRoom(
  provider: VideoProvider,
  { id, contentType, contentAttributes, deletedAt }: CallInvitation,
) {
  if (contentType !== 'VIDEO_CALL' || deletedAt) return null;
  const { provider: name, room } = contentAttributes as Prisma.JsonObject;
  return name === provider.name && typeof room === 'string' && isRoomForCall(id, room) ? room : null;
}

// Read again, as the link outlives the operation. Null for a viewer who was removed or blocked meanwhile.
async function readParticipant(
  db: Db,
  { kind, id, organizationId }: Viewer,
): Promise<CallParticipant | null> {
  const where = { id, organizationId, removedAt: null };
  const select = { id: true, name: true } as const;
  if (kind === 'contact') {
    return db.reads.contact.findUnique({ where: { id, organizationId, blocked: false }, select });
  }
  if (kind === 'bot') return db.reads.bot.findUnique({ where, select });
  const user = await db.reads.user.findUnique({ where, select: { id: true, displayName: true } });
  return user && { id, name: user.displayName };
}
