import type { DeliveryStatus } from '../../db/generated/prisma/enums.ts';

/** Allowed transitions. Forward only, because channels report late and twice; FAILED can only be retried. */
export const NEXT_DELIVERY_STATUSES: Record<DeliveryStatus, readonly DeliveryStatus[]> = {
  SENDING: ['SENT', 'DELIVERED', 'READ', 'FAILED'],
  SENT: ['DELIVERED', 'READ', 'FAILED'],
  DELIVERED: ['READ'],
  READ: [],
  FAILED: ['SENDING', 'SENT'],
};

/** Whether the status can be set; the current one always can. */
export function isDeliveryTransitionAllowed(status: DeliveryStatus, next: DeliveryStatus): boolean {
  return next === status || NEXT_DELIVERY_STATUSES[status].includes(next);
}
