import type { Db } from '../../db/client.ts';
import { ForbiddenError, NotFoundError } from '../../errors.ts';
import type { Activities } from '../../presence/activity.ts';
import type { Activity, ActivityState } from '../../presence/activity-store.ts';
import { requireNotBlocked, visibleTo } from '../core/access.ts';
import { isTeam, type ReadScope, type Viewer } from '../core/viewer.ts';
import type { StateSource } from './state-source.ts';

export interface SetActivityInput {
  conversationId: string;
  activity: Activity;
}

export type ActivityRules = ReturnType<typeof createActivityRules>;

/** Activity in conversations: who views, types or writes a note now. A hint that may be lost. */
export function createActivityRules({ db, activities }: { db: Db; activities: Activities }) {
  async function requireVisibleConversation(scope: ReadScope, conversationId: string) {
    const where = { AND: [{ id: conversationId, deletedAt: null }, visibleTo(scope)] };
    if (await db.reads.conversation.findFirst({ where, select: { id: true } })) return;
    throw new NotFoundError('conversation', conversationId);
  }

  return {
    async setActivity(viewer: Viewer, { conversationId, activity }: SetActivityInput): Promise<boolean> {
      const { organizationId, id: actorId } = viewer;
      requireNotBlocked(viewer);
      if (activity === 'WRITING_NOTE' && !isTeam(viewer))
        throw new ForbiddenError('A contact can not write notes. Use TYPING.');
      await requireVisibleConversation(viewer, conversationId);
      await activities.set(organizationId, { conversationId, actorId, activity });
      return true;
    },
    /** Activity of everybody but the viewer. A contact sees TYPING alone, neither VIEWING nor WRITING_NOTE. */
    async createActivitySource(scope: ReadScope, conversationId: string): Promise<StateSource> {
      await requireVisibleConversation(scope, conversationId);
      const { organizationId } = scope;
      return {
        subscribe({ viewer, emit }) {
          const emitVisible = isTeam(viewer) ? emit : emitTypingOnly(emit);
          return activities.listen({ organizationId, conversationId }, (state) => {
            if (state.actorId !== viewer.id) emitVisible(state.actorId, state);
          });
        },
      };
    },
  };
}

/** Emits TYPING, and NONE when somebody who typed does something else. */
function emitTypingOnly(emit: (actorId: string, state: ActivityState) => void) {
  const typing = new Set<string>();
  return (actorId: string, state: ActivityState) => {
    if (state.activity === 'TYPING') {
      typing.add(actorId);
      emit(actorId, state);
    } else if (typing.delete(actorId)) {
      emit(actorId, { ...state, activity: 'NONE' });
    }
  };
}
