import type { Tx } from '../../db/client.ts';
import type { Answer } from '../../db/generated/prisma/client.ts';
import { LIMITS } from '../../limits.ts';
import { requireTeam } from '../core/ability.ts';
import type { ConversationChange } from '../core/conversation-change.ts';
import type { LockedConversation } from '../core/locking.ts';
import type { ChangeOne } from '../core/mutation.ts';
import { createInputError, createValidation, type Validation } from '../core/validation.ts';
import type { Viewer } from '../core/viewer.ts';
import type { AnswerInput, RecordAnswersInput } from './input.ts';

/** Answers of the contact to questions, such as those of a bot or a form before the conversation. */
export function createAnswers({ changeOne }: { changeOne: ChangeOne }) {
  /** Replaces answers to questions that are stored already, matched by questionId or else by text, and appends the others. */
  function recordAnswers(viewer: Viewer, input: RecordAnswersInput) {
    requireTeam(viewer, 'record answers');
    const validation = createValidation();
    if (input.answers.length === 0)
      validation.addIssue('answers', 'REQUIRED', 'is empty; give at least one.');
    validateAnswers(validation, input.answers);
    validation.finish();
    return changeOne(viewer, { mutation: 'recordAnswers', input }, (tx, conversation) =>
      buildAnswerChange(tx, conversation, input.answers),
    );
  }

  return { recordAnswers };
}

/** Reports issues of the field `answers` that depend on the input alone. */
export function validateAnswers(validation: Validation, answers: readonly AnswerInput[]) {
  validation.list('answers', answers, LIMITS.answers, (path, answer) => {
    validation.requiredText(`${path}.question`, answer.question, LIMITS.question);
    validation.text(`${path}.value`, answer.value, LIMITS.answer);
    validation.text(`${path}.questionId`, answer.questionId, LIMITS.name);
    validation.text(`${path}.internalLabel`, answer.internalLabel, LIMITS.name);
  });
}

type AnswerRow = Pick<Answer, 'ordinal' | 'questionId' | 'internalLabel' | 'question' | 'value'>;

/** A row before and after the change; `before` is null for a new row. */
interface AnswerUpsert {
  before: AnswerRow | null;
  after: AnswerRow;
}

async function buildAnswerChange(
  tx: Tx,
  { organizationId, id: conversationId }: LockedConversation,
  answers: readonly AnswerInput[],
): Promise<ConversationChange> {
  const rows = await tx.answer.findMany({
    where: { organizationId, conversationId },
    orderBy: { ordinal: 'asc' },
    select: { ordinal: true, questionId: true, internalLabel: true, question: true, value: true },
  });
  const changed = matchAnswers(rows, answers).filter(
    ({ before, after }) =>
      !before || !hasSamePublicFields(before, after) || before.internalLabel !== after.internalLabel,
  );
  for (const { before, after } of changed) {
    const { ordinal, ...data } = after;
    const key = { organizationId, conversationId, ordinal };
    if (!before) await tx.answer.create({ data: { ...key, ...data } });
    else await tx.answer.update({ where: { organizationId_conversationId_ordinal: key }, data });
  }
  // internalLabel is for the team and never logged. When only labels change, the event is hidden from the contact.
  const publicly = changed.filter(({ before, after }) => !before || !hasSamePublicFields(before, after));
  return {
    type: 'ANSWERS_RECORDED',
    data: {},
    alsoChanged: (publicly.length > 0 ? publicly : changed).map(({ before, after }) => ({
      field: 'answers',
      before: before && toPublicAnswer(before),
      after: toPublicAnswer(after),
    })),
    ...(publicly.length > 0 ? {} : { isPublic: false }),
  };
}

function matchAnswers(rows: readonly AnswerRow[], answers: readonly AnswerInput[]): AnswerUpsert[] {
  const upserts: AnswerUpsert[] = [];
  let next = (rows.at(-1)?.ordinal ?? -1) + 1;
  for (const [index, answer] of answers.entries()) {
    const answersSame = (row: AnswerRow) =>
      answer.questionId == null ? row.question === answer.question : row.questionId === answer.questionId;
    const before = rows.find(answersSame) ?? null;
    const isDuplicate = upserts.some(({ before: other, after }) =>
      before ? other === before : answersSame(after),
    );
    if (isDuplicate) {
      throw createInputError(`answers.${index}`, 'DUPLICATE', 'answers the same question as another entry.');
    }
    upserts.push({ before, after: toAnswerRow(answer, before, before?.ordinal ?? next) });
    if (!before) next++;
  }
  const added = upserts.filter(({ before }) => before === null).length;
  if (added > 0 && rows.length + added > LIMITS.answers) {
    throw createInputError(
      'answers',
      'TOO_MANY',
      `would make ${rows.length + added} entries; at most ${LIMITS.answers} are allowed.`,
    );
  }
  return upserts;
}

function toAnswerRow(answer: AnswerInput, before: AnswerRow | null, ordinal: number): AnswerRow {
  const { questionId, internalLabel, question, value } = answer;
  return {
    ordinal,
    questionId: questionId ?? before?.questionId ?? null,
    internalLabel: internalLabel === undefined ? (before?.internalLabel ?? null) : internalLabel,
    question,
    value: value ?? null,
  };
}

function toPublicAnswer({ questionId, question, value }: AnswerRow) {
  return { questionId, question, value };
}

function hasSamePublicFields(one: AnswerRow, other: AnswerRow): boolean {
  return one.questionId === other.questionId && one.question === other.question && one.value === other.value;
}
