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
  WRITE_NOTE: 'write notes of the team',
  CLAIM: 'claim conversations',
  ASSIGN: 'assign conversations',
  RENAME: 'rename conversations',
  LABEL: 'label conversations',
  CHANGE_STATUS: 'change the status of conversations',
  START_VIDEO_CALL: 'start video calls',
  DELETE: 'delete or restore conversations',
};

/** Throws ForbiddenError when viewers of this kind never may. */
export function requireAbility(viewer: Viewer, ability: ConversationAbility) {
  if (!ABILITIES[viewer.kind].has(ability)) throw forbidden(viewer, ABILITY_PHRASES[ability]);
}

/** For what is no ability of its own, and all of the team may. */
export function requireTeam(viewer: Viewer, doing: string) {
  if (!isTeam(viewer)) throw forbidden(viewer, doing);
}

/** For what is no ability of its own, and only people of the team may. */
export function requireTeamMember(viewer: Viewer, doing: string) {
  if (viewer.kind !== 'user') throw forbidden(viewer, doing);
}

function forbidden({ kind }: Viewer, doing: string): ForbiddenError {
  return new ForbiddenError(`A ${kind} may not ${doing}. Ask with the token of a team member.`);
}

/** What the viewer may do with this conversation now. */
export function listAbilities(
  viewer: Viewer,
  conversation: { status: ConversationStatus; ownerId: string | null; deletedAt: Date | null },
  { hasVideo }: { hasVideo: boolean },
): ConversationAbility[] {
  if (conversation.deletedAt) return [];
  return CONVERSATION_ABILITIES.filter((ability) => {
    if (!ABILITIES[viewer.kind].has(ability)) return false;
    // After CLOSED, and in SPAM, a contact's message is kept, if in another conversation or unseen.
    if (ability === 'REPLY') return viewer.kind === 'contact' || !NO_REPLY_STATUSES.has(conversation.status);
    if (ability === 'CLAIM') return conversation.ownerId === null;
    if (ability === 'START_VIDEO_CALL') return hasVideo && !NO_REPLY_STATUSES.has(conversation.status);
    if (ability === 'CHANGE_STATUS') return allowedStatuses(viewer, conversation.status).length > 0;
    return true;
  });
}
