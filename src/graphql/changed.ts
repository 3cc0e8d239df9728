import { contactsVisibleTo, visibleTo } from '../domain/access.ts';
import type { Recorded } from '../feed/feed.ts';
import type { Context } from './context.ts';

/** Tells beside the data where in the stream the change stands, and whether it had been made before; gives the id of what was changed. */
export function tellChange(
  { extensions }: Context,
  { result, cursor, isReplayed }: Recorded<string>,
): string {
  extensions.cursor = cursor;
  if (isReplayed) extensions.replayed = true;
  return result;
}

/** The changed conversation as it stands now, with what was selected of it. */
export function readChanged(query: object, context: Context, recorded: Recorded<string>) {
  const id = tellChange(context, recorded);
  return context.db.conversation.findFirstOrThrow({ ...query, where: { id, ...visibleTo(context.reader) } });
}

/** The changed contact as it stands now. */
export function readChangedContact(query: object, context: Context, recorded: Recorded<string>) {
  const id = tellChange(context, recorded);
  return context.db.contact.findFirstOrThrow({
    ...query,
    where: { AND: [{ id }, contactsVisibleTo(context.viewer)] },
  });
}
