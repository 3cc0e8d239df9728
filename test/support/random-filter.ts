import type { createChance } from './random.ts';
import type { World } from './random-change.ts';

// Random conversation filters over the organization of random-change.ts.

type Chance = ReturnType<typeof createChance>;
export type Filter = Record<string, unknown>;

// Filter fields that a contact may not use (domain/inbox/filter.ts).
const FOR_TEAM = ['memberId', 'labels', 'mentions', 'priority', 'isDeleted'];
/** Filter fields that depend on the viewer. */
export const PERSONAL = ['assignment', 'isUnread'];

/** A random value for each field of the filter. */
export function valuesOf(world: World, { pick, dice }: Chance): Record<string, () => unknown> {
  const { agent, colleague, bot, channels, unit, audience, website, contacts } = world;
  const [web, email] = channels;
  // A time with changes before and after it.
  const soon = () => new Date(world.begunAt + dice(15_000)).toISOString();
  const some = (...values: unknown[]) => pick([[pick(values)], [pick(values), pick(values)]]);
  return {
    text: () => pick(['invoice', 'Theodora', 'dora', 'theo invoice', 'EXAMPLE.ORG', 'thanks th']),
    status: () => pick([['OPEN', 'PENDING'], ['RESOLVED', 'CLOSED', 'SNOOZED'], ['OPEN']]),
    ownerId: () => some(agent.id, colleague.id),
    assignment: () => pick(['MINE', 'UNASSIGNED', 'ASSIGNED']),
    memberId: () => some(agent.id, colleague.id),
    contactId: () => some(...contacts.map(({ id }) => id)),
    botId: () => [bot.id],
    websiteId: () => [website.id],
    audienceId: () => [audience.id],
    channelId: () => some(web.id, email.id),
    channelType: () => some('WEB', 'EMAIL', 'LINE'),
    businessUnitId: () => [unit.id],
    priority: () => some('URGENT', 'HIGH', 'LOW'),
    labels: () => some('vip', 'late'),
    isUnread: () => pick([true, false]),
    isWaiting: () => pick([true, false]),
    isDeleted: () => true,
    initiatedBy: () => some('CONTACT', 'AGENT'),
    mentions: () => some(agent.id, colleague.id),
    createdAfter: soon,
    createdBefore: soon,
    updatedAfter: soon,
  };
}

/** Each field alone, and `count` random combinations. */
export function filtersFor(
  values: ReturnType<typeof valuesOf>,
  { pick }: Chance,
  { isContact, only, mixed }: { isContact: boolean; only?: readonly string[]; mixed: number },
): Filter[] {
  const allowed = Object.keys(values).filter((name) => !isContact || !FOR_TEAM.includes(name));
  const valued = (names: Iterable<string>): Filter =>
    Object.fromEntries([...new Set(names)].map((name) => [name, values[name]?.()]));
  const alone = (only ?? allowed).map((name) => valued([name]));
  const together = Array.from({ length: mixed }, () =>
    valued([pick(only ?? allowed), pick(allowed), pick(['text', 'status', 'isUnread', pick(allowed)])]),
  );
  return [...alone, ...together];
}
