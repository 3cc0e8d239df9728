import type { createChance } from './random.ts';
import type { World } from './random-change.ts';

// Filters of conversations, by chance, out of the world that random-change.ts changes.

type Chance = ReturnType<typeof createChance>;
export type Filter = Record<string, unknown>;

// As domain/conversation-filter.ts has it: what a contact can't ask for.
const FOR_TEAM = ['memberId', 'labels', 'mentions', 'priority', 'isDeleted'];
/** What means something else to each team member. */
export const PERSONAL = ['assignment', 'isUnread'];

/** A value for each condition of the filter, another one each time. */
export function valuesOf(world: World, { pick, dice }: Chance): Record<string, () => unknown> {
  const { agent, colleague, bot, channels, unit, audience, website, contacts } = world;
  const [web, email] = channels;
  // Some of what is done is before it, and some behind.
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

/** Each condition alone, and this many in which some come together. */
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
