import fc from 'fast-check';
import {
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from 'graphql';
import { typeByName } from '../support/id-places.ts';
import { nest, repeat } from './tokens.ts';

// Values of arguments: some that fit, and hostile ones. Large ones are tokens, so that a failing operation stays short.

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Names of the ids of the scene, for places that take an id. */
export const ID_NAMES = ['own', 'foreign', 'alien'].flatMap((owner) =>
  [
    'Conversation',
    'Contact',
    'User',
    'Bot',
    'Website',
    'Audience',
    'Channel',
    'BusinessUnit',
    'Message',
    'note',
    'Attachment',
    'TimelineEvent',
    'Organization',
  ].map((type) => `${owner}.${type}`),
);

const TEXTS = [
  '',
  ' ',
  'hello',
  'O\u2019Brien \u{1f468}\u200d\u{1f469}\u200d\u{1f467}',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfff\ud800',
  '\u202e\u2066\ufeff',
  '\u0007\u001b[31m\r\n',
  '__proto__',
  'constructor',
  'toString',
  '\'; DROP TABLE "Message"; --',
  "' OR 1=1 --",
  '$1',
  '%_\\',
  '{{',
  '<script>alert(1)</script>',
  'javascript:alert(1)',
  'data:image/svg+xml,<svg onload=alert(1)>',
  'https://a" onerror="x',
  'https://example.org/\njavascript:1',
  'https://[::1]:99999/',
  'a@b',
  'x@example.org',
  '+14155550123',
  'en',
  'DE',
  '2026-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '0001-01-01T00:00:00+14:00',
  '-1',
  '1e999',
  'null',
  '[]',
  'WyJMQVNUIiwiMjAyNiJd',
  'AAAAAAAAAAAAAAAAAAAAAA',
];

const TIMES = TEXTS.filter((text) => /^\d{4}-/.test(text));

const SIZES = [21, 256, 5_001, 50_001, 90_000];

const text: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom(
          'x',
          ' ',
          '.',
          '\u0301',
          '\u{1f600}',
          'a b ',
          '@.',
          '%',
          '\\',
          '((',
          '-',
          '\n',
          '"',
          'https://a.',
        ),
        fc.constantFrom(...SIZES),
        fc.constantFrom('', 'a@', 'https://', '!'),
      )
      .map(([unit, count, start]) => `${start}${repeat(unit, count)}${start}`),
  },
);

const NUMBERS = [
  0,
  -0,
  1,
  -1,
  2,
  20,
  100,
  101,
  255,
  2_147_483_647,
  2_147_483_648,
  -2_147_483_648,
  2 ** 53,
  1e308,
  0.5,
  -1e-7,
];

/** Any JSON, whatever the type. */
export const anyJson: fc.Arbitrary<Json> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<Json>(null, true, false, {}, [], [[]], [null], ...NUMBERS) },
  { weight: 3, arbitrary: text },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('[', '{' as const), fc.constantFrom(20, 101, 1_000, 5_000))
      .map(([kind, depth]) => nest(kind, depth)),
  },
  { weight: 1, arbitrary: fc.constantFrom(101, 5_000, 20_000).map((count) => `{{list:null:${count}}}`) },
  {
    weight: 1,
    arbitrary: fc
      .dictionary(
        fc.constantFrom('__proto__', 'constructor', 'length', 'then', 'toJSON', 'a', '', 'items', 'name'),
        fc.constantFrom<Json>(null, 1, 'x', [], {}),
        { maxKeys: 4, noNullPrototype: false },
      )
      .map((entries) => entries as Json),
  },
);

const values = new Map<string, fc.Arbitrary<Json>>();

/** Values for an input of this name and type: mostly of the right shape, with hostile leaves. */
export function valuesFor(name: string, type: GraphQLInputType, depth = 3): fc.Arbitrary<Json> {
  const key = `${name}: ${type} ${depth}`;
  const known = values.get(key);
  if (known) return known;
  const value = fc.oneof(
    { weight: 12, arbitrary: fittingValues(name, type, depth) },
    { weight: 1, arbitrary: anyJson },
  );
  values.set(key, value);
  return value;
}

function fittingValues(name: string, type: GraphQLInputType, depth: number): fc.Arbitrary<Json> {
  if (isNonNullType(type)) return fittingValues(name, type.ofType, depth);
  if (isListType(type)) {
    const [short, long] = [fc.array(valuesFor(name, type.ofType, depth), { maxLength: 3 }), longList];
    return fc.oneof({ weight: 8, arbitrary: short }, { weight: 1, arbitrary: long });
  }
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const [required, optional] = [true, false].map((is) =>
      fields.filter((field) => isRequiredInputField(field) === is),
    ) as [typeof fields, typeof fields];
    const pick = (some: typeof fields) =>
      Object.fromEntries(some.map((field) => [field.name, valuesFor(field.name, field.type, depth - 1)]));
    return fc
      .subarray(optional, { maxLength: Math.min(depth > 0 ? 4 : 0, optional.length) })
      .chain((some) => fc.record(pick([...required, ...some]))) as fc.Arbitrary<Json>;
  }
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map((value) => value.name));
  switch (type.name) {
    case 'ID':
      return idsFor(name);
    case 'Int':
      return fc.constantFrom(...NUMBERS);
    case 'Boolean':
      return fc.boolean();
    case 'JSON':
      return anyJson;
    case 'DateTime':
      return fc.constantFrom(...TIMES);
    default:
      return text;
  }
}

const longList = fc
  .tuple(fc.constantFrom('null', '"x"', '{}', '[]', '1'), fc.constantFrom(51, 101, 2_000, 20_000))
  .map(([item, count]) => `{{list:${item}:${count}}}`);

/** Ids of the type that the name tells, of others, and of nothing. */
function idsFor(name: string): fc.Arbitrary<string> {
  const type = typeByName(name);
  const fitting = ID_NAMES.filter((one) => type !== undefined && one.endsWith(`.${type}`));
  const token = (one: string) => `{{id:${one}}}`;
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...(fitting.length > 0 ? fitting : ID_NAMES)).map(token) },
    { weight: 1, arbitrary: fc.constantFrom(...ID_NAMES).map(token) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'CVR-',
        'CVR-01ARZ3NDEKTSV4RRFFQ69G5FAV',
        'x',
        '',
        '-',
        'ORG-%',
        'USR-\u0000',
      ),
    },
  );
}
