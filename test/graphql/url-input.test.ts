import { beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { inputPlaces, withValue } from '../support/input-places.ts';
import { mutate } from '../support/mutate.ts';
import { EXAMPLES, type Scene, setScene } from '../support/mutation-examples.ts';

// Built from the schema: a URL that is added to an input tomorrow is in it. The rule itself: test/core/url.test.ts.

const URLS = inputPlaces().filter(({ path }) => /url$/i.test(path.at(-1) ?? ''));
const PLACES = URLS.map((place) => [`${place.mutation}.${place.path.join('.')}`, place] as const);

let gateway: Gateway;
let scene: Scene;

beforeAll(async () => {
  gateway = await startGateway();
  scene = await setScene(gateway);
});

async function change(mutation: string, path: readonly string[], url: string) {
  const example = await EXAMPLES[mutation]?.(scene);
  if (!example) throw new Error(`no example of ${mutation}`);
  const input = withValue(mutation, example.input, path, url);
  return (await mutate(gateway, example.person, { mutation, input, selected: '' })).result;
}

/** All URLs that are stored. */
async function storedUrls(): Promise<(string | null)[]> {
  const { reads } = gateway.db;
  const picture = { select: { avatarUrl: true } };
  return [
    ...(await reads.user.findMany(picture)).map(({ avatarUrl }) => avatarUrl),
    ...(await reads.bot.findMany(picture)).map(({ avatarUrl }) => avatarUrl),
    ...(await reads.contact.findMany(picture)).map(({ avatarUrl }) => avatarUrl),
    ...(await reads.website.findMany()).map(({ url }) => url),
    ...(await reads.attachment.findMany()).flatMap(({ dataUrl, thumbUrl }) => [dataUrl, thumbUrl]),
  ];
}

test('inputs have URLs', () => {
  expect(PLACES.length).toBeGreaterThanOrEqual(12);
});

describe('a URL that can run, or that hides where it leads, is refused', () => {
  const REFUSED = [
    'javascript:alert(1)',
    'https://x\njavascript:y',
    'https://a" onerror="x',
    'https://bank.example@evil.example/',
    'data:image/svg+xml,<svg onload=alert(1)>',
    'blob:https://example.com/1',
  ];

  test.each(PLACES)('%s', async (_name, { mutation, path }) => {
    for (const url of REFUSED) {
      expect(await change(mutation, path, url), url).toMatchObject({
        __typename: 'InvalidInputError',
        issues: [{ code: 'NOT_A_URL', path: ['input', ...path] }],
      });
    }
    const long = `https://example.com/${'ü'.repeat(1_000)}`;
    expect(await change(mutation, path, long)).toMatchObject({ issues: [{ code: 'TOO_LONG' }] });
  });
});

describe('a URL is stored as a browser reads it', () => {
  test.each(PLACES)('%s', async (name, { mutation, path }) => {
    const host = `h${PLACES.findIndex(([other]) => other === name)}.example`;
    expect((await change(mutation, path, `HTTPS://${host}/a b"c'`)).__typename).not.toMatch(/Error$/);
    expect(await storedUrls()).toContain(`https://${host}/a%20b%22c%27`);
  });
});
