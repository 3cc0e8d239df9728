import type { Objects } from '../support/full-organization.ts';
import type { Gateway } from '../support/gateway.ts';
import { ALIEN_TEXT, createGuardedScene, DELETED_TEXT, type ViewerKind } from '../support/guarded-scene.ts';

// Markers in texts. What the fuzzer's agents do can show other people's names and labels to a contact, but never these.
const NOTE = 'MARK-NOTE';
const OWN = 'MARK-OWN';
const FOREIGN = 'MARK-FOREIGN';

export interface FuzzScene {
  /** Ids by the names that requests use. */
  ids: Readonly<Record<string, string>>;
  authorization(sender: ViewerKind): string | undefined;
  /** Texts that no answer to this sender may contain. */
  secrets(sender: ViewerKind): readonly string[];
}

/** Two organizations with everything in them, and texts that tell whose they are. */
export async function createFuzzScene(gateway: Gateway): Promise<FuzzScene> {
  const { home, alien, viewers } = await createGuardedScene(gateway);
  const mark = (marker: string, objects: Objects) =>
    gateway.db.writes.$executeRaw`
      UPDATE "Message" SET "content" = CASE WHEN "isPrivate" THEN ${NOTE} ELSE ${marker} END || "seq"
       WHERE "conversationId" = ${objects.Conversation} AND "deletedAt" IS NULL`;
  await mark(OWN, home.own);
  await mark(FOREIGN, home.foreign);

  const tokens = new Map<ViewerKind, string>();
  for (const { kind, person } of viewers) {
    if (person) tokens.set(kind, `Bearer ${await gateway.tokenFor(person)}`);
  }
  const known = viewers.flatMap(({ secrets }) => secrets);
  const ofAlien = new Set(viewers.find(({ kind }) => kind === 'agent')?.secrets);
  // Ids and marked texts: other texts could be written by the fuzzer.
  const isId = (text: string) => /^[A-Z]{3}-[0-9A-Z]{26}$/.test(text);
  const aliens = [...ofAlien].filter((text) => isId(text) || text.startsWith(ALIEN_TEXT));
  const homes = [...new Set(known)].filter((text) => isId(text) && !ofAlien.has(text));
  const marks = [NOTE, OWN, FOREIGN];
  const secrets: Record<ViewerKind, readonly string[]> = {
    agent: [...aliens, DELETED_TEXT],
    administrator: [...aliens, DELETED_TEXT],
    bot: [...aliens, DELETED_TEXT],
    contact: [...aliens, DELETED_TEXT, NOTE, FOREIGN],
    'another contact': [...aliens, DELETED_TEXT, NOTE, OWN],
    'blocked contact': [...aliens, DELETED_TEXT, ...marks],
    'agent of another organization': [...homes, DELETED_TEXT, ...marks],
    'removed user': [...homes, ...aliens, DELETED_TEXT, ...marks],
    nobody: [...homes, ...aliens, DELETED_TEXT, ...marks],
  };
  const owners = { own: home.own, foreign: home.foreign, alien: alien.own };
  return {
    ids: Object.fromEntries(
      Object.entries(owners).flatMap(([owner, objects]) =>
        Object.entries(objects).map(([type, id]) => [`${owner}.${type}`, id]),
      ),
    ),
    authorization: (sender) => tokens.get(sender),
    secrets: (sender) => secrets[sender],
  };
}
