import type { Random } from './random.ts';
import { isByTeam, isNote, type Line } from './script.ts';

/** End of a dialogue: before the first answer, when the contact waits for an answer, when the team waits, or after all lines. */
export type Cut = 'unanswered' | 'waiting' | 'answered' | 'whole';

const QUESTION = /[?？؟]/;

/** The lines up to that end; null when the dialogue has no such point. */
export function cutScript(lines: readonly Line[], cut: Cut, random: Random): Line[] | null {
  switch (cut) {
    case 'whole':
      return [...lines];
    case 'unanswered': {
      const answeredAt = lines.findIndex(isByTeam);
      if (answeredAt === 0) return null;
      return answeredAt < 0 ? [...lines] : lines.slice(0, answeredAt);
    }
    case 'waiting': {
      const firstReply = lines.findIndex((line) => line.speaker === 'agent');
      const ends = lines.flatMap((line, index) => {
        const next = lines[index + 1];
        const isTurn = line.speaker === 'contact' && next !== undefined && next.speaker !== 'contact';
        return firstReply >= 0 && index > firstReply && isTurn ? [index + 1] : [];
      });
      return ends.length > 0 ? withNotes(lines, random.pick(ends)) : null;
    }
    case 'answered': {
      const ends = lines.flatMap((line, index) => {
        const isAnswer = isByTeam(line) && !isNote(line);
        return isAnswer && lines[index + 1]?.speaker === 'contact' ? [index + 1] : [];
      });
      if (ends.length === 0) return null;
      const asking = ends.filter((end) => QUESTION.test(lines[end - 1]?.text ?? ''));
      return lines.slice(0, random.pick(asking.length > 0 ? asking : ends));
    }
  }
}

/** The lines up to `end`, and the notes that follow directly. */
function withNotes(lines: readonly Line[], end: number): Line[] {
  const after = lines.slice(end).findIndex((line) => !isNote(line));
  return lines.slice(0, after < 0 ? lines.length : end + after);
}
