import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';
import { idsOf, PAGE, pagesOf, type ReadPage, walkBackward, walkForward } from '../support/paging.ts';

const PRIORITIES = ['LOW', 'MEDIUM', 'HIGH', 'URGENT'] as const;

interface Row {
  id: string;
  lastInteractedAt: Date;
  createdAt: Date;
  waitingSince: Date | null;
  priority: (typeof PRIORITIES)[number] | null;
}

let gateway: Gateway;
let organization: TestOrganization;
let rows: Row[];

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));

beforeAll(async () => {
  gateway = await startGateway();
});

// Rows with equal values and nulls, created in an order that differs from the sort order.
async function createRows(count: number): Promise<Row[]> {
  organization = await createOrganization(gateway);
  const made: Row[] = [];
  for (let index = 0; index < count; index++) {
    const columns = {
      lastInteractedAt: at((index * 7) % 5),
      createdAt: at((index * 3) % 4),
      waitingSince: index % 3 === 0 ? null : at((index * 5) % 4),
      priority: PRIORITIES[(index * 3) % 5] ?? null,
    };
    const id = await openConversation(gateway, organization);
    await gateway.db.writes.conversation.update({ where: { id }, data: columns });
    made.push({ id, ...columns });
  }
  return made;
}

function pages(orderBy: object | null = null): ReadPage {
  return pagesOf(gateway, organization.agent, {
    query: `conversations(orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) { ${PAGE} }`,
    variables: { orderBy },
    pick: (data) => data.conversations,
  });
}

type Key = (row: Row) => number | null;

/** Expected order: by the key, nulls last in both directions, then by id. */
function sorted(key: Key, direction: string): string[] {
  const sign = direction === 'ASC' ? 1 : -1;
  const compare = (a: Row, b: Row) => {
    const [one, other] = [key(a), key(b)];
    if (one !== other && (one === null || other === null)) return one === null ? 1 : -1;
    return sign * ((one ?? 0) - (other ?? 0) || (a.id < b.id ? -1 : 1));
  };
  return [...rows].sort(compare).map(({ id }) => id);
}

const KEYS: Record<string, Key> = {
  LAST_INTERACTED_AT: (row) => row.lastInteractedAt.getTime(),
  CREATED_AT: (row) => row.createdAt.getTime(),
  WAITING_SINCE: (row) => row.waitingSince?.getTime() ?? null,
  PRIORITY: (row) => (row.priority ? PRIORITIES.indexOf(row.priority) : null),
};

describe.each(Object.entries(KEYS))('conversations ordered by %s', (field, key) => {
  beforeAll(async () => {
    rows = await createRows(13);
  });

  describe.each(['ASC', 'DESC'])('%s', (direction) => {
    test('sorts nulls last and equal values by id', async () => {
      expect(idsOf(await pages({ field, direction })({ first: 100 }))).toEqual(sorted(key, direction));
    });

    test.each([1, 3, 5, 13])('pages of %i cover the whole list in both directions', async (size) => {
      const whole = sorted(key, direction);
      expect(await walkForward(pages({ field, direction }), size)).toEqual(whole);
      expect(await walkBackward(pages({ field, direction }), size)).toEqual(whole);
    });
  });
});

describe('a page of conversations', () => {
  let all: string[];

  beforeEach(async () => {
    rows = await createRows(7);
    all = idsOf(await pages()({ first: 100 }));
  });

  const remove = (id: string) =>
    gateway.db.writes.conversation.update({ where: { id }, data: { deletedAt: new Date() } });

  test('defaults to lastInteractedAt, newest first', () => {
    expect(all).toEqual(sorted(KEYS.LAST_INTERACTED_AT as Key, 'DESC'));
  });

  test('defaults to 20 rows, at the start, after a cursor or before a cursor', async () => {
    rows = await createRows(23);
    const whole = idsOf(await pages()({ first: 100 }));
    const page = await pages()({});
    expect(idsOf(page)).toEqual(whole.slice(0, 20));
    expect(page.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    expect(idsOf(await pages()({ after: page.pageInfo.endCursor }))).toEqual(whole.slice(20));
    const { pageInfo } = await pages()({ last: 1 });
    expect(idsOf(await pages()({ before: pageInfo.startCursor }))).toEqual(whole.slice(2, 22));
  });

  test('continues after a row that was deleted', async () => {
    const page = await pages()({ first: 3 });
    await remove(all[2] ?? '');
    const next = await pages()({ first: 100, after: page.pageInfo.endCursor });
    expect(idsOf(next)).toEqual(all.slice(3));
    const back = await pages()({ last: 100, before: page.pageInfo.endCursor });
    expect(idsOf(back)).toEqual(all.slice(0, 2));
  });

  test('continues before a row that was deleted', async () => {
    const page = await pages()({ last: 3 });
    await remove(all[4] ?? '');
    expect(idsOf(await pages()({ last: 100, before: page.pageInfo.startCursor }))).toEqual(all.slice(0, 4));
  });

  test('contains every other row once while rows around it move or are deleted', async () => {
    const [seenAndGone, seenAndMoved, unseenAndMoved, unseenAndGone] = [all[0], all[1], all[5], all[6]];
    const touch = (id = '') =>
      gateway.db.writes.conversation.update({ where: { id }, data: { lastInteractedAt: new Date() } });
    const walked = await walkForward(pages(), 2, async (seen) => {
      if (seen.length > 2) return;
      await remove(seenAndGone ?? '');
      await touch(seenAndMoved);
      await touch(unseenAndMoved);
      await remove(unseenAndGone ?? '');
    });
    expect(walked).toEqual(all.slice(0, 5));
    expect(idsOf(await pages()({ first: 2 }))).toEqual([unseenAndMoved, seenAndMoved]);
  });

  test('does not repeat rows when new rows are inserted', async () => {
    const walked = await walkForward(pages(), 3, () => openConversation(gateway, organization));
    expect(walked).toEqual(all);
  });

  test('is empty after the end, with hasPreviousPage', async () => {
    const page = await pages()({ first: 7 });
    expect(page.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
    const beyond = await pages()({ first: 7, after: page.pageInfo.endCursor });
    expect(beyond).toEqual({
      nodes: [],
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null },
    });
  });

  test('of an empty list has no cursors', async () => {
    organization = await createOrganization(gateway);
    const { pageInfo } = await pages()({ first: 7 });
    expect(pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: null,
      endCursor: null,
    });
  });
});
