import { expect } from 'vitest';
import { footprintOf } from './footprint.ts';
import type { Gateway } from './gateway.ts';
import { insideOf, post } from './http.ts';

/**
 * The single error of an operation that is refused as a whole. Expects that it reveals no implementation detail and changed nothing.
 * Variables that JSON.stringify can't express are given as text.
 */
export async function refusalOf(
  gateway: Gateway,
  person: { id: string; organizationId: string },
  query: string,
  variables: object | string = {},
): Promise<{ message: string; code?: unknown; argument?: unknown }> {
  const before = await footprintOf(gateway, person.organizationId);
  const given = typeof variables === 'string' ? variables : JSON.stringify(variables);
  const { text, errors, data } = await post(
    gateway,
    `{"query":${JSON.stringify(query)},"variables":${given}}`,
    {
      authorization: `Bearer ${await gateway.tokenFor(person)}`,
    },
  );
  expect(insideOf(text)).toBeNull();
  expect(await footprintOf(gateway, person.organizationId)).toEqual(before);
  expect(Object.values(data ?? {}).filter((value) => value !== null)).toEqual([]);
  expect(errors).toHaveLength(1);
  return { message: errors[0]?.message ?? '', ...errors[0]?.extensions };
}
