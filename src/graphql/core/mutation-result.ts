import { contactsVisibleTo, visibleTo } from '../../domain/core/access.ts';
import { NotFoundError } from '../../errors.ts';
import type { ChangeReceipt } from '../../feed/feed.ts';
import type { Context } from './context.ts';

/** Tells beside the data where in the stream the change stands, and whether it had been made before; gives the id of what was changed. */
export function attachChangeExtensions(
  { extensions }: Context,
  { result, cursor, isReplayed }: ChangeReceipt<string>,
): string {
  extensions.cursor = cursor;
  if (isReplayed) extensions.replayed = true;
  return result;
}

/** The changed conversation as it stands now, with what was selected of it. */
export async function reloadConversation(query: object, context: Context, recorded: ChangeReceipt<string>) {
  const id = attachChangeExtensions(context, recorded);
  const where = { id, ...visibleTo(context.readScope) };
  return requireStillVisible(
    await context.db.conversation.findFirst({ ...query, where }),
    'conversation',
    id,
  );
}

/**
 * What was changed, where the viewer can still see it: of a contact's conversation that was deleted since it is refused, as it
 * would be now. As a fault of ours it would be asked for again and again.
 */
export function requireStillVisible<T>(found: T | null, what: string, id: string): T {
  if (found === null) throw new NotFoundError(what, id);
  return found;
}

/** The changed contact as it stands now. */
export function reloadContact(query: object, context: Context, recorded: ChangeReceipt<string>) {
  const id = attachChangeExtensions(context, recorded);
  return context.db.contact.findFirstOrThrow({
    ...query,
    where: { AND: [{ id }, contactsVisibleTo(context.viewer)] },
  });
}
