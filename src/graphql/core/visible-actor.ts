import DataLoader from 'dataloader';
import type { Context } from './context.ts';
import { selectVisibleIds } from './load-nodes.ts';

const loaders = new WeakMap<Context, DataLoader<string, boolean>>();

/** The actor, or null where a contact may not see who that is; asked for all rows of an answer at once. */
export function actorIfVisible<Row extends { id: string }>(
  context: Context,
  actor: Row | null,
): Row | null | Promise<Row | null> {
  if (actor === null || context.viewerSide === 'team') return actor;
  return loaderOf(context)
    .load(actor.id)
    .then((isVisible) => (isVisible ? actor : null));
}

function loaderOf(context: Context): DataLoader<string, boolean> {
  let loader = loaders.get(context);
  if (!loader) {
    loader = new DataLoader(async (ids) => {
      const visible = await selectVisibleIds(ids, context);
      return ids.map((id) => visible.has(id));
    });
    loaders.set(context, loader);
  }
  return loader;
}
