import type { ConversationStatus } from '../../db/generated/prisma/enums.ts';
import { ForbiddenError } from '../../errors.ts';
import { allowedStatuses, NO_REPLY_STATUSES } from './status.ts';
import { isTeam, type Viewer } from './viewer.ts';

export const CONVERSATION_ABILITIES = [
  'REPLY',
  'WRITE_NOTE',
  'CLAIM',
  'ASSIGN',
  'RENAME',
  'LABEL',
  'CHANGE_STATUS',
  'START_VIDEO_CALL',
  'DELETE',
] as const;

export type ConversationAbility = (typeof CONVERSATION_ABILITIES)[number];

const ABILITIES: Record<Viewer['kind'], ReadonlySet<ConversationAbility>> = {
  user: new Set(CONVERSATION_ABILITIES),
  bot: new Set(['REPLY', 'WRITE_NOTE', 'ASSIGN', 'RENAME', 'LABEL', 'CHANGE_STATUS']),
  contact: new Set(['REPLY', 'CHANGE_STATUS']),
};

const ABILITY_PHRASES: Record<ConversationAbility, string> = {
  REPLY: 'reply',
  WRITE_NOTE: 'write team notes',
  CLAIM: 'claim conversations',
  ASSIGN: 'assign conversations',
  RENAME: 'rename conversations',
  LABEL: 'label conversations',
  CHANGE_STATUS: 'change the status of conversations',
  START_VIDEO_CALL: 'start video calls',
  DELETE: 'delete or restore conversations',
};

/** Throws ForbiddenError when the viewer's kind never has the ability. */
export function requireAbility(viewer: Viewer, ability: ConversationAbility) {
  if (!ABILITIES[viewer.kind].has(ability)) throw createForbiddenError(viewer, ABILITY_PHRASES[ability]);
}

/** Throws ForbiddenError for contacts: for actions of the whole team that are no ability. `action` completes "may not …". */
export function requireTeam(viewer: Viewer, action: string) {
  if (!isTeam(viewer)) throw createForbiddenError(viewer, action);
}

/** Throws ForbiddenError for contacts and bots: for actions of users that are no ability. `action` completes "may not …". */
export function requireTeamMember(viewer: Viewer, action: string) {
  if (viewer.kind !== 'user') throw createForbiddenError(viewer, action);
}

function createForbiddenError({ kind }: Viewer, action: string): ForbiddenError {
  return new ForbiddenError(`A ${kind} may not ${action}. Use the token of a team member.`);
}

/** The viewer's abilities in this conversation, given its status, owner and deletion. In the order of CONVERSATION_ABILITIES. */
export function listAbilities(
  viewer: Viewer,
  conversation: { status: ConversationStatus; ownerId: string | null; deletedAt: Date | null },
  { hasVideo }: { hasVideo: boolean },
): ConversationAbility[] {
  if (conversation.deletedAt) return [];
  return CONVERSATION_ABILITIES.filter((ability) => {
    if (!ABILITIES[viewer.kind].has(ability)) return false;
    // A contact can always reply: after CLOSED the message opens a new conversation, in SPAM it is stored and the status stays.
    if (ability === 'REPLY') return viewer.kind === 'contact' || !NO_REPLY_STATUSES.has(conversation.status);
    if (ability === 'CLAIM') return conversation.ownerId === null;
    if (ability === 'START_VIDEO_CALL') return hasVideo && !NO_REPLY_STATUSES.has(conversation.status);
    if (ability === 'CHANGE_STATUS') return allowedStatuses(viewer, conversation.status).length > 0;
    return true;
  });
}
