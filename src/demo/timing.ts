import type { ChannelType } from '../db/generated/prisma/enums.ts';
import type { Random } from './random.ts';
import { isNote, type Line } from './script.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

const SLOW: ReadonlySet<ChannelType> = new Set(['EMAIL', 'API', 'WECOM']);
const FAST: ReadonlySet<ChannelType> = new Set(['WEB', 'VOICE']);

/** Times of the lines, with the last line at `last`. */
export function scheduleLines(
  lines: readonly Line[],
  { last, channelType, random }: { last: Date; channelType: ChannelType; random: Random },
): Date[] {
  const times: Date[] = [];
  let at = last.getTime();
  for (const line of lines.toReversed()) {
    times.unshift(new Date(at));
    at -= pauseBefore(line, channelType, random);
  }
  return times;
}

function pauseBefore(line: Line, channelType: ChannelType, random: Random): number {
  if (line.speaker === 'bot' || line.speaker === 'template') return random.whole(2_000, 5_000);
  if (isNote(line)) return random.whole(40, 300) * SECOND_MS;
  if (SLOW.has(channelType)) return random.whole(20, 400) * MINUTE_MS;
  if (FAST.has(channelType)) return random.whole(25, 240) * SECOND_MS;
  return random.whole(40, 1_800) * SECOND_MS;
}
