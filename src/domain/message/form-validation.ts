import type { MessageContentType } from '../../db/generated/prisma/enums.ts';
import type { InputIssueCode } from '../../error-codes/mutation-errors.ts';
import { isEmail } from '../core/validation.ts';
import type { FormValueInput } from './input.ts';

// Rules for the submitted values of messages that are forms. Their contentAttributes are stored as the sender gave them, with the
// items in Chatwoot's format: FORM [{ name, label, type, options: [{ label, value }], required }], INPUT_SELECT and QUICK_REPLIES
// [{ title, value }], CARDS [{ title, actions: [{ type, text, payload }] }].

interface FormIssue {
  path: string;
  code: InputIssueCode;
  message: string;
}

const MAX_TOLD_NAMES = 20;
const MAX_TOLD_LENGTH = 64;

type FormValue = Pick<FormValueInput, 'name' | 'value'>;
type FormAttributes = Record<string, unknown>;
type FormCheck = (attributes: FormAttributes, values: readonly FormValue[]) => FormIssue[];

const CHECK_BY_TYPE = {
  FORM: checkForm,
  INPUT_TEXT: (_attributes, values) => checkSingleValue(values, () => null),
  INPUT_TEXTAREA: (_attributes, values) => checkSingleValue(values, () => null),
  INPUT_EMAIL: (_attributes, values) => checkSingleValue(values, checkEmail),
  INPUT_SELECT: checkChoice,
  QUICK_REPLIES: checkChoice,
  CARDS: checkChoice,
  INPUT_CSAT: checkRating,
} satisfies Partial<Record<MessageContentType, FormCheck>>;

type FormType = keyof typeof CHECK_BY_TYPE;

/** Whether messages of this type can be submitted. */
export function isForm(type: MessageContentType): type is FormType {
  return type in CHECK_BY_TYPE;
}

/** All issues of the submitted values. Paths start at `values`. */
export function findFormIssues(
  type: FormType,
  attributes: FormAttributes,
  values: readonly FormValue[],
): FormIssue[] {
  return CHECK_BY_TYPE[type](attributes, values);
}

function checkForm(attributes: FormAttributes, values: readonly FormValue[]): FormIssue[] {
  const fields = new Map(parseItems(attributes).map((item) => [toText(item.name), item]));
  const missing = [...fields].filter(
    ([name, { required }]) =>
      required === true && !values.some((one) => one.name === name && one.value.trim()),
  );
  return [
    ...missing.map(
      ([name]): FormIssue => ({
        path: 'values',
        code: 'REQUIRED',
        message: `is without "${shorten(name)}", which must be filled in.`,
      }),
    ),
    ...values.flatMap(({ name, value }, index) => {
      const field = fields.get(name);
      if (!field) return [buildUnknownFieldIssue(index, [...fields.keys()])];
      // An optional field that was left empty.
      if (value === '' && field.required !== true) return [];
      if (field.type === 'email') return locateIssue(index, checkEmail(value));
      return Array.isArray(field.options)
        ? locateIssue(index, checkOption(value, listOptions(field.options)))
        : [];
    }),
  ];
}

function checkChoice(attributes: FormAttributes, values: readonly FormValue[]): FormIssue[] {
  return checkSingleValue(values, (value) => checkOption(value, listOptions(parseItems(attributes))));
}

function checkRating(_attributes: FormAttributes, values: readonly FormValue[]): FormIssue[] {
  const issues = values.flatMap(({ name, value }, index) => {
    if (name === 'feedback') return [];
    if (name !== 'rating') return [buildUnknownFieldIssue(index, ['rating', 'feedback'])];
    return /^[1-5]$/.test(value)
      ? []
      : locateIssue(index, {
          code: 'OUT_OF_RANGE',
          message: 'is no rating; give a whole number from 1 to 5.',
        });
  });
  return values.some(({ name }) => name === 'rating')
    ? issues
    : [
        ...issues,
        { path: 'values', code: 'REQUIRED', message: 'is without "rating", a whole number from 1 to 5.' },
      ];
}

/** A message with a single question takes one value with any name, which is not empty. */
function checkSingleValue(
  values: readonly FormValue[],
  checkValue: (value: string) => Omit<FormIssue, 'path'> | null,
): FormIssue[] {
  return values.flatMap(({ value }, index) => {
    if (index > 0)
      return locateIssue(index, {
        code: 'TOO_MANY',
        message: 'is one too many; this message takes one value.',
      });
    if (value.trim() === '') return locateIssue(index, { code: 'REQUIRED', message: 'is empty.' });
    return locateIssue(index, checkValue(value));
  });
}

function checkEmail(value: string): Omit<FormIssue, 'path'> | null {
  return isEmail(value)
    ? null
    : { code: 'NOT_AN_EMAIL', message: 'is not an email address such as ana@example.com.' };
}

function checkOption(value: string, options: readonly string[]): Omit<FormIssue, 'path'> | null {
  return options.includes(value)
    ? null
    : {
        code: 'NOT_AN_OPTION',
        message: `is none of the options: ${enumerate(options) || 'there are none'}.`,
      };
}

function buildUnknownFieldIssue(index: number, names: readonly string[]): FormIssue {
  return {
    path: `values.${index}.name`,
    code: 'UNKNOWN_FIELD',
    message: `is no field of the form; its fields: ${enumerate(names) || 'none'}.`,
  };
}

/** The first names of a form, shortened: its sender chose how many there are and how long, and each issue repeats them. */
function enumerate(names: readonly string[]): string {
  const told = names.slice(0, MAX_TOLD_NAMES).map((name) => `"${shorten(name)}"`);
  const omitted = names.length - told.length;
  return [...told, ...(omitted > 0 ? [`${omitted} more`] : [])].join(', ');
}

function shorten(name: string): string {
  return name.length > MAX_TOLD_LENGTH ? `${name.slice(0, MAX_TOLD_LENGTH)}…` : name;
}

function locateIssue(index: number, issue: Omit<FormIssue, 'path'> | null): FormIssue[] {
  return issue ? [{ path: `values.${index}.value`, ...issue }] : [];
}

/** Values of the options. A card has the values of its buttons, except links. */
function listOptions(items: readonly unknown[]): string[] {
  return items.flatMap((item) => {
    if (typeof item !== 'object' || item === null) return [toText(item)];
    const { value, title, label, payload, actions } = item as FormAttributes;
    if (Array.isArray(actions)) {
      return listOptions(actions.filter((action) => (action as FormAttributes | null)?.type !== 'link'));
    }
    return [toText(value ?? payload ?? title ?? label)];
  });
}

function parseItems({ items }: FormAttributes): FormAttributes[] {
  return Array.isArray(items) ? items.filter((item) => typeof item === 'object' && item !== null) : [];
}

function toText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
