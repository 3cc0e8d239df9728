import { isDeepStrictEqual } from 'node:util';
import type { Prisma } from '../../db/generated/prisma/client.ts';
import { LIMITS } from '../../limits.ts';
import type { RecordChange } from '../core/mutation.ts';
import { createInputError, createValidation } from '../core/validation.ts';
import type { Viewer } from '../core/viewer.ts';
import { changeMessage, lockMessage, requireNotDeleted } from './edit.ts';
import { findFormIssues, isForm } from './form-validation.ts';
import type { SubmitMessageFormInput } from './input.ts';

/** Messages that are forms: their content type asks the contact for values. */
export function createMessageForms({ recordChange }: { recordChange: RecordChange }) {
  /**
   * Stores the submitted values in the message, and nowhere else: an email or phone number in a form never finds, reads or changes a
   * contact.
   */
  function submitMessageForm(viewer: Viewer, input: SubmitMessageFormInput) {
    validate(input);
    return recordChange(viewer, { mutation: 'submitMessageForm', input }, async (tx) => {
      const message = await lockMessage(tx, viewer, input.messageId);
      requireNotDeleted(message);
      const attributes = message.contentAttributes as Prisma.JsonObject;
      const { contentType } = message;
      if (!isForm(contentType)) {
        throw createInputError(
          'messageId',
          'NOT_A_FORM',
          `is the id of a message of type ${contentType}, which is no form.`,
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
  }

  return { submitMessageForm };
}

/** Reports issues that depend on the input alone. */
function validate({ values }: SubmitMessageFormInput) {
  const validation = createValidation();
  if (values.length === 0) validation.addIssue('values', 'REQUIRED', 'is empty; give at least one value.');
  const names = new Set<string>();
  const isShort = validation.list('values', values, LIMITS.formValues, (path, { name, value }) => {
    validation.requiredText(`${path}.name`, name, LIMITS.name);
    validation.text(`${path}.value`, value, LIMITS.answer);
    if (names.has(name))
      validation.addIssue(`${path}.name`, 'DUPLICATE', 'is given twice; give each field once.');
    names.add(name);
  });
  if (isShort) validation.jsonSize('values', values, LIMITS.contentAttributes);
  validation.finish();
}
