import type { MessageContentType } from '../../db/generated/prisma/enums.ts';
import type { FormValueInput } from '../core/input.ts';
import { isEmail } from '../core/validation.ts';

// What messages that ask for something take as an answer. Their contentAttributes are as their sender gave them, with the
// items in the form of Chatwoot: FORM [{ name, label, type, options: [{ label, value }], required }], INPUT_SELECT and QUICK_REPLIES
// [{ title, value }], CARDS [{ title, actions: [{ type, text, payload }] }].

interface Fault {
  path: string;
  code: string;
  message: string;
}

type Answer = Pick<FormValueInput, 'name' | 'value'>;
type Attributes = Record<string, unknown>;
type Check = (attributes: Attributes, values: readonly Answer[]) => Fault[];

const CHECKS = {
  FORM: faultsOfForm,
  INPUT_TEXT: (_attributes, values) => faultsOfOne(values, () => null),
  INPUT_TEXTAREA: (_attributes, values) => faultsOfOne(values, () => null),
  INPUT_EMAIL: (_attributes, values) => faultsOfOne(values, faultOfEmail),
  INPUT_SELECT: faultsOfChoice,
  QUICK_REPLIES: faultsOfChoice,
  CARDS: faultsOfChoice,
  INPUT_CSAT: faultsOfRating,
} satisfies Partial<Record<MessageContentType, Check>>;

type FormType = keyof typeof CHECKS;

/** Whether messages of this type ask for something. */
export function isForm(type: MessageContentType): type is FormType {
  return type in CHECKS;
}

/** All that is wrong with the answer. Paths begin at `values`. */
export function faultsOf(type: FormType, attributes: Attributes, values: readonly Answer[]): Fault[] {
  return CHECKS[type](attributes, values);
}

function faultsOfForm(attributes: Attributes, values: readonly Answer[]): Fault[] {
  const fields = new Map(itemsOf(attributes).map((item) => [textOf(item.name), item]));
  const missing = [...fields].filter(
    ([name, { required }]) =>
      required === true && !values.some((one) => one.name === name && one.value.trim()),
  );
  return [
    ...missing.map(([name]) => ({
      path: 'values',
      code: 'REQUIRED',
      message: `is without "${name}", which must be filled in.`,
    })),
    ...values.flatMap(({ name, value }, index) => {
      const field = fields.get(name);
      if (!field) return [unknownName(index, [...fields.keys()])];
      // A field that was left empty.
      if (value === '' && field.required !== true) return [];
      if (field.type === 'email') return at(index, faultOfEmail(value));
      return Array.isArray(field.options) ? at(index, faultOfOption(value, optionsOf(field.options))) : [];
    }),
  ];
}

function faultsOfChoice(attributes: Attributes, values: readonly Answer[]): Fault[] {
  return faultsOfOne(values, (value) => faultOfOption(value, optionsOf(itemsOf(attributes))));
}

function faultsOfRating(_attributes: Attributes, values: readonly Answer[]): Fault[] {
  const faults = values.flatMap(({ name, value }, index) => {
    if (name === 'feedback') return [];
    if (name !== 'rating') return [unknownName(index, ['rating', 'feedback'])];
    return /^[1-5]$/.test(value)
      ? []
      : at(index, { code: 'OUT_OF_RANGE', message: 'is no rating; give a whole number from 1 to 5.' });
  });
  return values.some(({ name }) => name === 'rating')
    ? faults
    : [
        ...faults,
        { path: 'values', code: 'REQUIRED', message: 'is without "rating", a whole number from 1 to 5.' },
      ];
}

/** Of what asks one thing there is one answer, under whatever name, and it is not empty. */
function faultsOfOne(
  values: readonly Answer[],
  faultOf: (value: string) => Omit<Fault, 'path'> | null,
): Fault[] {
  return values.flatMap(({ value }, index) => {
    if (index > 0)
      return at(index, { code: 'TOO_MANY', message: 'is one too many; this message asks one thing.' });
    if (value.trim() === '') return at(index, { code: 'REQUIRED', message: 'is empty.' });
    return at(index, faultOf(value));
  });
}

function faultOfEmail(value: string) {
  return isEmail(value)
    ? null
    : { code: 'NOT_AN_EMAIL', message: 'is not an email address such as ana@example.com.' };
}

function faultOfOption(value: string, options: readonly string[]) {
  return options.includes(value)
    ? null
    : {
        code: 'NOT_AN_OPTION',
        message: `is none of the options: ${options.map((one) => `"${one}"`).join(', ') || 'there are none'}.`,
      };
}

function unknownName(index: number, names: readonly string[]): Fault {
  const known = names.map((one) => `"${one}"`).join(', ') || 'none';
  return {
    path: `values.${index}.name`,
    code: 'UNKNOWN_FIELD',
    message: `is no field of the form; its fields: ${known}.`,
  };
}

function at(index: number, fault: Omit<Fault, 'path'> | null): Fault[] {
  return fault ? [{ path: `values.${index}.value`, ...fault }] : [];
}

/** The values that an item stands for: a card stands for those of its buttons that answer. */
function optionsOf(items: readonly unknown[]): string[] {
  return items.flatMap((item) => {
    if (typeof item !== 'object' || item === null) return [textOf(item)];
    const { value, title, label, payload, actions } = item as Attributes;
    if (Array.isArray(actions)) {
      return optionsOf(actions.filter((action) => (action as Attributes | null)?.type !== 'link'));
    }
    return [textOf(value ?? payload ?? title ?? label)];
  });
}

function itemsOf({ items }: Attributes): Attributes[] {
  return Array.isArray(items) ? items.filter((item) => typeof item === 'object' && item !== null) : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
