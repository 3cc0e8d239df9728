import { isDeepStrictEqual } from 'node:util';
import type { Prisma } from '../../db/generated/prisma/client.ts';
import { ContactBlockedError } from '../../errors.ts';
import type { SubmitMessageFormInput } from '../core/input.ts';
import { LIMITS } from '../core/limits.ts';
import { lockContact } from '../core/locking.ts';
import type { RecordChange } from '../core/mutation.ts';
import { createInputError, createValidation } from '../core/validation.ts';
import type { Viewer } from '../core/viewer.ts';
import { changeMessage, lockMessage, requireNotDeleted } from './edit.ts';
import { findFormIssues, isForm } from './form-validation.ts';

export type SubmitMessageForm = ReturnType<typeof createSubmitMessageForm>;

export function createSubmitMessageForm({ recordChange }: { recordChange: RecordChange }) {
  /**
   * Keeps what was filled into a message that asks for something, in the message and nowhere else: whatever address is typed into
   * a form, no contact is found, read or changed by it. Gives the message's id.
   */
  return function submitMessageForm(viewer: Viewer, input: SubmitMessageFormInput) {
    validate(input);
    return recordChange(viewer, { mutation: 'submitMessageForm', input }, async (tx) => {
      if (viewer.kind === 'contact') {
        const { blocked } = await lockContact(tx, viewer.organizationId, viewer.id);
        if (blocked) throw new ContactBlockedError();
      }
      const message = await lockMessage(tx, viewer, input.messageId);
      requireNotDeleted(message);
      const attributes = message.contentAttributes as Prisma.JsonObject;
      const { contentType } = message;
      if (!isForm(contentType)) {
        throw createInputError(
          'messageId',
          'NOT_A_FORM',
          `is that of a message of the type ${contentType}, which asks for nothing.`,
        );
      }
      const validation = createValidation();
      for (const { path, code, message } of findFormIssues(contentType, attributes, input.values)) {
        validation.addIssue(path, code, message);
      }
      validation.finish();
      const submittedValues = input.values.map(({ name, value }) => ({ name, value }));
      const events = isDeepStrictEqual(attributes.submittedValues, submittedValues)
        ? []
        : await changeMessage(tx, message, {
            contentAttributes: {
              ...attributes,
              submittedValues,
              submittedAt: message.conversation.now.toISOString(),
            },
          });
      return { result: message.id, events };
    });
  };
}

/** What can be said of the values without the message. */
function validate({ values }: SubmitMessageFormInput) {
  const validation = createValidation();
  validation.list('values', values, LIMITS.formValues);
  if (values.length === 0) validation.addIssue('values', 'REQUIRED', 'is empty; give what was filled in.');
  const names = new Set<string>();
  for (const [index, { name, value }] of values.entries()) {
    validation.requiredText(`values.${index}.name`, name, LIMITS.name);
    validation.text(`values.${index}.value`, value, LIMITS.answer);
    if (names.has(name))
      validation.addIssue(`values.${index}.name`, 'DUPLICATE', 'is given twice; give each field once.');
    names.add(name);
  }
  validation.object('values', { values }, LIMITS.contentAttributes);
  validation.finish();
}
