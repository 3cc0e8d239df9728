import type { Log } from './log.ts';

/** One connection of the node to Redis, or one pool of connections to PostgreSQL. */
export interface Link {
  /** Notes that the link works. */
  up(): void;
  /** Notes that the link does not work. */
  down(error: Error): void;
  isUp(): boolean;
}

export interface LinkState {
  readonly name: string;
  readonly isUp: boolean;
  /** Times that the link stopped working, or could not be made at the start. */
  readonly troubles: number;
}

export type Links = ReturnType<typeof createLinks>;

/** The links of a node by name. One log line tells when trouble with a link begins, and one when it ends. */
export function createLinks(log: Log) {
  const states = new Map<string, LinkState>();

  return {
    /** A link that is not up yet. `meanwhile` says what the node does without it, for the log. */
    add(name: string, meanwhile: string): Link {
      let downSince: number | undefined;
      const set = (isUp: boolean, troubles: number) => states.set(name, { name, isUp, troubles });
      const countTroubles = () => states.get(name)?.troubles ?? 0;
      set(false, 0);
      return {
        up() {
          set(true, countTroubles());
          if (downSince === undefined) return;
          const seconds = Math.round((performance.now() - downSince) / 1_000);
          downSince = undefined;
          log.info({ link: name, seconds }, 'a link works again');
        },
        down(error) {
          if (downSince !== undefined) {
            log.debug({ link: name, err: error }, 'a link still does not work');
            return;
          }
          downSince = performance.now();
          set(false, countTroubles() + 1);
          log.warn({ link: name, meanwhile, err: error }, 'a link does not work');
        },
        isUp: () => states.get(name)?.isUp ?? false,
      };
    },
    list: (): LinkState[] => [...states.values()],
  };
}
