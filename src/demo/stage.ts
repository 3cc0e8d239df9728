import type { Author } from '../feed/event.ts';
import type { ConversationPlayer } from './conversation-player.ts';
import type { PlaceholderValues } from './placeholder.ts';
import type { Random } from './random.ts';
import type { Scene } from './scene.ts';

/** A scene while it is played. */
export interface Stage {
  player: ConversationPlayer;
  scene: Scene;
  values: PlaceholderValues;
  random: Random;
  contact: Author;
  agent: Author;
  colleague: Author;
  bot: Author;
}
