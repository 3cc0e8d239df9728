import DataLoader from 'dataloader';
import type { Context } from './context.ts';
import { selectVisibleIds } from './load-nodes.ts';

// One loader per operation: it lives as long as the context.
const loaders = new WeakMap<Context, DataLoader<string, boolean>>();

/** Returns the actor, or null if a contact can not see them. Batched: one statement per type for all rows of a response. */
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
