import { describe, expect, test } from 'vitest';
import { expectChanged, expectRefused, readConversation } from '../support/conversation-mutations.ts';
import { useConversation } from '../support/conversation-scene.ts';

const scene = useConversation();

const update = (input: object) => scene.mutate('updateConversation', scene.organization.agent, input);

describe('custom attributes of a conversation', () => {
  test('are merged deeply per key; null removes a key', async () => {
    await expectChanged(update({ customAttributes: { a: 'b', c: { d: 'e', f: 'g' }, list: [1, 2] } }));
    const after = await expectChanged(
      update({ customAttributes: { a: 'z', c: { f: null }, list: [{ x: null }] } }),
    );
    expect(after.customAttributes).toEqual({ a: 'z', c: { d: 'e' }, list: [{ x: null }] });
    expect(await scene.lastEvent()).toMatchObject({
      type: 'UPDATED',
      isPublic: false,
      changes: [
        { field: 'customAttributes.a', before: 'b', after: 'z' },
        { field: 'customAttributes.c', before: { d: 'e', f: 'g' }, after: { d: 'e' } },
        { field: 'customAttributes.list', before: [1, 2], after: [{ x: null }] },
      ],
    });
  });

  test('follow all object examples of RFC 7386', async () => {
    for (const [before, patch, after] of [
      [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
      [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
      [{ a: 'b' }, { a: null }, {}],
      [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
      [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
      [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
      [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
      [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
      [{ e: null }, { a: 1 }, { e: null, a: 1 }],
      [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
    ]) {
      await scene.open({ customAttributes: before });
      const asked = await expectChanged(update({ customAttributes: patch }));
      expect(asked.customAttributes).toEqual(after);
    }
  });

  test('null clears all keys, with one change per key', async () => {
    await expectChanged(update({ customAttributes: { a: 1, b: 2 } }));
    expect(await expectChanged(update({ customAttributes: null }))).toMatchObject({ customAttributes: {} });
    expect((await scene.lastEvent())?.changes).toEqual([
      { field: 'customAttributes.a', before: 1, after: null },
      { field: 'customAttributes.b', before: 2, after: null },
    ]);
  });

  test('accept names of Object.prototype as keys, except __proto__', async () => {
    const patch = JSON.parse('{"__proto__": {"x": 1}, "constructor": "c", "toString": 1}');
    const { customAttributes } = await expectChanged(update({ customAttributes: patch }));
    expect(Object.entries(customAttributes).sort()).toEqual([
      ['constructor', 'c'],
      ['toString', 1],
    ]);
    expect((await scene.lastEvent())?.changes).toEqual([
      { field: 'customAttributes.constructor', before: null, after: 'c' },
      { field: 'customAttributes.toString', before: null, after: 1 },
    ]);
  });

  test('concurrent writers of different keys keep all keys', async () => {
    const keys = Array.from({ length: 8 }, (_, index) => `key${index}`);
    await Promise.all([
      ...keys.map((key) => expectChanged(update({ customAttributes: { [key]: key } }))),
      expectChanged(update({ addBookings: ['b1'] })),
      expectChanged(update({ addBookings: ['b2'] })),
    ]);
    const { customAttributes, bookings, version } = await readConversation(
      scene.gateway,
      scene.organization.agent,
      scene.conversationId,
    );
    expect(customAttributes).toEqual(Object.fromEntries(keys.map((key) => [key, key])));
    expect([...bookings].sort()).toEqual(['b1', 'b2']);
    expect(version).toBe(11);
  });

  test('are limited to 64 KiB after the merge', async () => {
    const half = 'x'.repeat(40_000);
    await expectChanged(update({ customAttributes: { one: half } }));
    expect(
      await expectRefused(scene.gateway, scene.organization.agent, () =>
        update({ customAttributes: { two: half } }),
      ),
    ).toMatchObject({
      issues: [
        { code: 'TOO_LONG', path: ['input', 'customAttributes'], message: expect.stringContaining('65536') },
      ],
    });
    await expectChanged(update({ customAttributes: { one: null, two: half } }));
  });

  test('are hidden from the contact, and so are their changes', async () => {
    const { contact } = scene.organization;
    const before = await scene.read(contact);
    await expectChanged(update({ customAttributes: { a: 1 } }));
    expect(await scene.read(contact)).toEqual(before);
    expect(before.customAttributes).toBeNull();
  });
});
