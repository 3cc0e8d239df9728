import { expect, test } from 'vitest';
import { expectChanged, expectForbidden, expectRefused } from '../support/conversation-mutations.ts';
import { useConversation } from '../support/conversation-scene.ts';
import { createOrganization } from '../support/organization.ts';

const ASKED = [
  { questionId: 'q1', question: 'How old?', internalLabel: 'age', value: '30' },
  { question: 'Where from?', value: null },
];

const scene = useConversation({ answers: ASKED });

const answer = (...answers: object[]) => scene.mutate('recordAnswers', scene.organization.bot, { answers });
const state = () => scene.read(scene.organization.agent);

test('an answer replaces the one with the same questionId, or the same text; others are appended', async () => {
  const after = await expectChanged(
    answer(
      { question: 'Where from?', value: 'Rome' },
      { questionId: 'q2', question: 'How many?', internalLabel: 'seats', value: '2' },
      { questionId: 'q1', question: 'How old are you?', value: '31' },
    ),
  );
  expect(after.version).toBe(2);
  expect(after.answers).toEqual([
    { questionId: 'q1', question: 'How old are you?', internalLabel: 'age', value: '31' },
    { questionId: null, question: 'Where from?', internalLabel: null, value: 'Rome' },
    { questionId: 'q2', question: 'How many?', internalLabel: 'seats', value: '2' },
  ]);
  expect(await scene.lastEvent()).toMatchObject({
    type: 'ANSWERS_RECORDED',
    actorId: scene.organization.bot.id,
    isPublic: true,
    changes: [
      {
        field: 'answers',
        before: { questionId: null, question: 'Where from?', value: null },
        after: { questionId: null, question: 'Where from?', value: 'Rome' },
      },
      { field: 'answers', before: null, after: { questionId: 'q2', question: 'How many?', value: '2' } },
      {
        field: 'answers',
        before: { questionId: 'q1', question: 'How old?', value: '30' },
        after: { questionId: 'q1', question: 'How old are you?', value: '31' },
      },
    ],
  });
  expect(JSON.stringify(await scene.events())).not.toMatch(/internalLabel|seats/);
});

test('an answer matched by text keeps the stored questionId', async () => {
  const { answers } = await expectChanged(answer({ question: 'How old?', value: '32' }));
  expect(answers[0]).toEqual({ questionId: 'q1', question: 'How old?', internalLabel: 'age', value: '32' });
});

test('the contact sees answers without internalLabel', async () => {
  await expectChanged(answer({ question: 'Where from?', internalLabel: 'origin', value: 'Rome' }));
  expect((await scene.read(scene.organization.contact)).answers).toEqual([
    { questionId: 'q1', question: 'How old?', internalLabel: null, value: '30' },
    { questionId: null, question: 'Where from?', internalLabel: null, value: 'Rome' },
  ]);
});

test('a change of internalLabel is hidden from the contact', async () => {
  const before = await scene.read(scene.organization.contact);
  await expectChanged(
    answer({ questionId: 'q1', question: 'How old?', internalLabel: 'years', value: '30' }),
  );
  expect(await scene.lastEvent()).toMatchObject({ type: 'ANSWERS_RECORDED', isPublic: false });
  expect(JSON.stringify(await scene.events())).not.toContain('years');
  expect((await state()).answers[0].internalLabel).toBe('years');
  expect(await scene.read(scene.organization.contact)).toEqual(before);
});

test('the same answers create no version and no event', async () => {
  const before = await scene.read(scene.organization.bot);
  expect(await expectChanged(answer(...ASKED))).toEqual(before);
  expect(await scene.events()).toHaveLength(1);
});

test('concurrent answers to different questions are all stored', async () => {
  const questions = Array.from({ length: 6 }, (_, index) => `Question ${index}`);
  await Promise.all(questions.map((question) => expectChanged(answer({ question, value: 'yes' }))));
  const { answers, version } = await state();
  expect(
    answers
      .slice(2)
      .map(({ question }: { question: string }) => question)
      .sort(),
  ).toEqual(questions);
  expect(version).toBe(7);
});

test.each([
  [[], 'answers', 'REQUIRED'],
  [[{ question: ' ' }], 'answers.0.question', 'REQUIRED'],
  [[{ question: 'a' }, { question: 'x'.repeat(1001) }], 'answers.1.question', 'TOO_LONG'],
  [[{ question: 'a', value: 'x'.repeat(10_001) }], 'answers.0.value', 'TOO_LONG'],
  [[{ question: 'a', questionId: 'x'.repeat(256) }], 'answers.0.questionId', 'TOO_LONG'],
  [[{ question: 'a', internalLabel: 'x'.repeat(256) }], 'answers.0.internalLabel', 'TOO_LONG'],
  [[{ question: 'a' }, { question: 'b' }, { question: 'a' }], 'answers.2', 'DUPLICATE'],
  [[{ question: 'How old?' }, { questionId: 'q1', question: 'How old are you?' }], 'answers.1', 'DUPLICATE'],
  [Array.from({ length: 199 }, (_, index) => ({ question: `${index}` })), 'answers', 'TOO_MANY'],
  [Array.from({ length: 201 }, (_, index) => ({ question: `${index}` })), 'answers', 'TOO_MANY'],
])('recordAnswers reports invalid answers at their field: %#', async (answers, path, code) => {
  expect(await expectRefused(scene.gateway, scene.organization.bot, () => answer(...answers))).toMatchObject({
    __typename: 'InvalidInputError',
    issues: [{ code, path: ['input', ...path.split('.')] }],
  });
  expect((await state()).answers).toHaveLength(2);
});

test('recordAnswers is allowed for users and bots of the same organization', async () => {
  const { contact } = scene.organization;
  const stranger = (await createOrganization(scene.gateway)).agent;
  const input = { answers: [{ question: 'a' }] };
  expect(
    await expectForbidden(scene.gateway, contact, () => scene.mutate('recordAnswers', contact, input)),
  ).toBe('FORBIDDEN');
  expect(
    await expectRefused(scene.gateway, stranger, () => scene.mutate('recordAnswers', stranger, input)),
  ).toMatchObject({
    __typename: 'NotFoundError',
  });
  await expectChanged(scene.mutate('recordAnswers', scene.organization.agent, input));
});
