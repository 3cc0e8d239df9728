import pLimit, { type LimitFunction } from 'p-limit';
import { BusyError } from '../errors.ts';

export interface OrganizationShareOptions {
  /** Most tasks of one organization that run at the same time. */
  max: number;
  /** Most tasks of one organization that wait for their turn. @default unlimited */
  maxWaiting?: number;
  /** Longest wait of a task for its turn. @default unlimited */
  maxWaitMs?: number;
  /** Milliseconds; the present by default. */
  now?: () => number;
}

export type OrganizationShares = ReturnType<typeof createOrganizationShares>;

/**
 * Gives each organization a share of something that all use, such as the connections of a pool, so that a flood in one can't take what the
 * others need. Tasks of one organization run in order. One that may not wait, or has waited too long, rejects with BusyError.
 */
export function createOrganizationShares(options: OrganizationShareOptions) {
  const { max, maxWaiting = Number.POSITIVE_INFINITY, maxWaitMs = Number.POSITIVE_INFINITY } = options;
  const { now = () => performance.now() } = options;
  const limits = new Map<string, LimitFunction>();

  async function runInShare<T>(organizationId: string, task: () => Promise<T>): Promise<T> {
    const limit = limits.get(organizationId) ?? pLimit(max);
    if (limit.pendingCount >= maxWaiting) throw new BusyError();
    limits.set(organizationId, limit);
    const latest = now() + maxWaitMs;
    try {
      return await limit(() => {
        if (now() > latest) throw new BusyError();
        return task();
      });
    } finally {
      if (limit.activeCount === 0 && limit.pendingCount === 0) limits.delete(organizationId);
    }
  }

  return Object.assign(runInShare, {
    /** Tasks that wait for their turn. */
    countWaiting: () => [...limits.values()].reduce((sum, { pendingCount }) => sum + pendingCount, 0),
  });
}
