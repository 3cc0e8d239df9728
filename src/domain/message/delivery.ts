import type { DeliveryStatus } from '../../db/generated/prisma/enums.ts';

/** What each can become: forward only, since reports of a channel come late and twice. From FAILED only by trying again. */
export const NEXT_DELIVERY_STATUSES: Record<DeliveryStatus, readonly DeliveryStatus[]> = {
  SENDING: ['SENT', 'DELIVERED', 'READ', 'FAILED'],
  SENT: ['DELIVERED', 'READ', 'FAILED'],
  DELIVERED: ['READ'],
  READ: [],
  FAILED: ['SENDING', 'SENT'],
};

/** Whether it can be said of a message; what it is already, too. */
export function isDeliveryTransitionAllowed(status: DeliveryStatus, next: DeliveryStatus): boolean {
  return next === status || NEXT_DELIVERY_STATUSES[status].includes(next);
}
