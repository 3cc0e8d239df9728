import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
// The browser itself must send no requests, so that only those of the page are recorded.
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let gateway: Gateway;
let organization: TestOrganization;
let browser: Browser;

beforeAll(async () => {
  gateway = await startGateway();
  organization = await createOrganization(gateway);
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
});

afterAll(() => browser?.close());

/** Opens GraphiQL with one operation in its editor. `outside` records requests to other hosts. */
async function openGraphiQL(query: string): Promise<{ page: Page; outside: string[] }> {
  const token = await gateway.tokenFor(organization.agent);
  const page = await browser.newPage();
  const outside: string[] = [];
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (/^(http|ws)/.test(protocol) && host !== new URL(gateway.url).host) outside.push(request.url());
  });
  const tab = {
    id: '1',
    hash: null,
    title: 'test',
    query,
    variables: '',
    headers: JSON.stringify({ authorization: `Bearer ${token}` }),
  };
  await page.addInitScript((state) => {
    localStorage.setItem('graphiql:tabState', JSON.stringify({ tabs: [state], activeTabIndex: 0 }));
    localStorage.setItem('graphiql:query', state.query);
    localStorage.setItem('graphiql:headers', state.headers);
    localStorage.setItem('graphiql:shouldPersistHeaders', 'true');
  }, tab);
  await page.goto(`${gateway.url}/graphql`);
  await page.locator('.graphiql-execute-button').waitFor();
  return { page, outside };
}

async function resultOf(page: Page, pattern: RegExp): Promise<string> {
  const result = page.locator('.graphiql-response .view-lines, .result-window');
  await result.filter({ hasText: pattern }).first().waitFor();
  // The editor shows spaces as non-breaking spaces.
  return ((await result.first().textContent()) ?? '').replaceAll('\u00a0', ' ');
}

test('GraphiQL runs a query, and sends no request to another host', async () => {
  const { page, outside } = await openGraphiQL('{ viewer { identity { name } } }');
  await page.locator('.graphiql-execute-button').click();
  expect(await resultOf(page, /Ana/)).toContain('"name": "Ana"');
  expect(outside).toEqual([]);
});

test('GraphiQL receives the events of a subscription over a websocket', async () => {
  const conversationId = await openConversation(gateway, organization);
  const { page, outside } = await openGraphiQL(
    'subscription { messageAdded { __typename ... on MessageAdded { message { content } } } }',
  );
  const opened = page.waitForEvent('websocket');
  await page.locator('.graphiql-execute-button').click();
  expect((await opened).url()).toBe(`${gateway.url.replace('http', 'ws')}/graphql`);
  await resultOf(page, /CaughtUp/);
  await gateway.ask(
    organization.colleague,
    'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { __typename } }',
    { input: { conversationId, content: 'Seen in the browser' } },
  );
  expect(await resultOf(page, /Seen/)).toContain('Seen in the browser');
  expect(outside).toEqual([]);
});
