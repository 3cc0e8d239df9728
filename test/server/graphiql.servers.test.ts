import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createDatabase, type Database, type Gateway, startNode } from '../support/gateway.ts';
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
  // A website whose name points to this machine (DNS rebinding).
  '--host-resolver-rules=MAP evil.example 127.0.0.1',
];

let database: Database;
let gateway: Gateway;
let organization: TestOrganization;
let browser: Browser;

beforeAll(async () => {
  database = await createDatabase();
  const signDemoToken = async () => ({
    token: await gateway.tokenFor(organization.agent),
    lifetimeSeconds: 3_600,
  });
  gateway = await startNode(database, {}, { signDemoToken });
  organization = await createOrganization(gateway);
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
});

afterAll(async () => {
  await browser?.close();
  await gateway.stop();
  await database.drop();
});

interface OpenPage {
  page: Page;
  /** Requests to other hosts. */
  outside: string[];
  /** Errors on the console of the browser, such as what the content security policy has blocked. */
  complaints: string[];
}

/** Opens GraphiQL with one operation and a token in its editors. */
async function openGraphiQL(query: string, authorization?: string): Promise<OpenPage> {
  const headers = { authorization: authorization ?? `Bearer ${await gateway.tokenFor(organization.agent)}` };
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  const outside: string[] = [];
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
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
    headers: JSON.stringify(headers),
  };
  await page.addInitScript((state) => {
    localStorage.setItem('graphiql:tabState', JSON.stringify({ tabs: [state], activeTabIndex: 0 }));
    localStorage.setItem('graphiql:query', state.query);
    localStorage.setItem('graphiql:headers', state.headers);
    localStorage.setItem('graphiql:shouldPersistHeaders', 'true');
  }, tab);
  await page.goto(`${gateway.url}/graphql`);
  await page.locator('.graphiql-execute-button').waitFor();
  return { page, outside, complaints };
}

async function resultOf(page: Page, pattern: RegExp): Promise<string> {
  const result = page.locator('.graphiql-response .view-lines, .result-window');
  await result.filter({ hasText: pattern }).first().waitFor();
  // The editor shows spaces as non-breaking spaces.
  return ((await result.first().textContent()) ?? '').replaceAll('\u00a0', ' ');
}

test('GraphiQL runs a query, and sends no request to another host', async () => {
  const { page, outside, complaints } = await openGraphiQL('{ viewer { identity { name } } }');
  await page.locator('.graphiql-execute-button').click();
  expect(await resultOf(page, /Ana/)).toContain('"name": "Ana"');
  expect({ outside, complaints }).toEqual({ outside: [], complaints: [] });
});

test('GraphiQL receives the events of a subscription over a websocket', async () => {
  const conversationId = await openConversation(gateway, organization);
  const { page, outside, complaints } = await openGraphiQL(
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
  expect({ outside, complaints }).toEqual({ outside: [], complaints: [] });
});

test('GraphiQL has the demo token without storing it, for queries and subscriptions', async () => {
  const demo = 'Bearer <demo agent>';
  const query = await openGraphiQL('{ viewer { identity { name } } }', demo);
  await query.page.locator('.graphiql-execute-button').click();
  expect(await resultOf(query.page, /Ana/)).toContain('"name": "Ana"');
  const stored = await query.page.evaluate(() => JSON.stringify(localStorage));
  expect(stored).toContain('<demo agent>');
  expect(stored).not.toContain('Bearer ey');

  const live = await openGraphiQL('subscription { messageAdded { __typename } }', demo);
  await live.page.locator('.graphiql-execute-button').click();
  await resultOf(live.page, /CaughtUp/);
  expect([query.complaints, live.complaints]).toEqual([[], []]);
});

test('a tab of the examples works as it is opened', async () => {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  await page.goto(`${gateway.url}/graphql`);
  await page.locator('.graphiql-execute-button').click();
  expect(await resultOf(page, /streamCursor/)).toContain('"conversations"');
});

test('a website reads neither the page nor the token, and frames neither', async () => {
  const site = createServer((_request, response) => response.end('<!doctype html><title>a website</title>'));
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void site.close());
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
  const read = (url: string) =>
    page.evaluate(
      (target) =>
        fetch(target, { headers: { accept: 'text/html' } }).then(
          () => 'read',
          () => 'blocked',
        ),
      url,
    );
  expect(await read(`${gateway.url}/graphql`)).toBe('blocked');
  expect(await read(`${gateway.url}/graphql/demo-token`)).toBe('blocked');

  const framed = await page.evaluate(async (target) => {
    const frame = document.createElement('iframe');
    frame.src = target;
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
    document.body.append(frame);
    await loaded;
    return frame.contentDocument?.title ?? 'another origin';
  }, `${gateway.url}/graphql`);
  const frames = page.frames().map((frame) => frame.url());
  expect([framed, frames]).toEqual([
    'another origin',
    expect.arrayContaining([expect.stringMatching(/^chrome-error/)]),
  ]);
});

test('a website whose name points to this machine gets the page, but no token', async () => {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  await page.goto(`http://evil.example:${new URL(gateway.url).port}/graphql`);
  const status = await page.evaluate(() => fetch('/graphql/demo-token').then((response) => response.status));
  expect(status).toBe(403);
});
