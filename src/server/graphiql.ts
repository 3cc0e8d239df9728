import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { createExamples } from './graphiql-examples.ts';

/** Path at which the page asks for a token of the demo. */
export const DEMO_TOKEN_PATH = '/graphql/demo-token';

// Placeholders in the headers of the example tabs. The page replaces the first by a token when it sends a request.
const DEMO_PLACEHOLDER = '<demo agent>';
const TOKEN_PLACEHOLDER = '<JWT>';
const RENDER = 'YogaGraphiQL.renderYogaGraphiQL(';
// Better compression takes longer than the first visitor would wait: 16 s for another 10 %.
const BROTLI_QUALITY = 5;

// Runs in the browser. Reads the headers of the open tab for connection_init: GraphiQL writes them to localStorage with a delay after they
// were typed or the page was opened. Tokens of the demo are short-lived, so they are fetched when they are needed, and stored nowhere.
const SCRIPT = `
const HEADERS_TIMEOUT_MS = 2000;
const send = window.fetch.bind(window);
let demoToken;
function storedHeaders() {
  try {
    const { tabs, activeTabIndex } = JSON.parse(localStorage.getItem('graphiql:tabState'));
    // A tab that was not edited has the placeholder of the examples.
    const typed = [tabs[activeTabIndex].headers, localStorage.getItem('graphiql:headers')];
    return JSON.parse(typed.find((headers) => headers && !headers.includes('${TOKEN_PLACEHOLDER}')) || 'null');
  } catch {
    return null;
  }
}
async function headersOfTab() {
  const end = Date.now() + HEADERS_TIMEOUT_MS;
  while (!storedHeaders() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
  const headers = new Headers(storedHeaders() || {});
  await fillIn(headers);
  return Object.fromEntries(headers);
}
async function fillIn(headers) {
  const authorization = headers.get('authorization');
  if (!authorization || !authorization.includes('${DEMO_PLACEHOLDER}')) return;
  if (!demoToken || demoToken.renewAt < Date.now()) {
    const response = await send('${DEMO_TOKEN_PATH}');
    if (!response.ok) return;
    const { token, lifetimeSeconds } = await response.json();
    demoToken = { token, renewAt: Date.now() + lifetimeSeconds * 500 };
  }
  headers.set('authorization', authorization.replace('${DEMO_PLACEHOLDER}', demoToken.token));
}
window.fetch = async (url, init = {}) => {
  const headers = new Headers(init.headers);
  await fillIn(headers);
  return send(url, { ...init, headers });
};
function renderWithHeaders(root, options) {
  YogaGraphiQL.renderYogaGraphiQL(root, { ...options, connectionParams: headersOfTab });
}
`;

export type PageEncoding = 'br' | 'gzip' | 'identity';

/** A page that is the same for everybody. */
export interface GraphiQLPage {
  bodies: Record<PageEncoding, Buffer>;
  etag: string;
  /** Value of the header: only the page's own script runs, it talks to its own origin, and nobody frames it. */
  contentSecurityPolicy: string;
}

/**
 * Renders and compresses GraphiQL as one page without external resources. Yoga's page does not send the headers of a tab when it opens a
 * websocket, where Parley reads the token: this one does. Takes half a second, so call it once.
 */
export async function renderGraphiQL({ hasDemoTokens }: { hasDemoTokens: boolean }): Promise<GraphiQLPage> {
  const identity = await renderInWorker({
    title: 'Parley',
    subscriptionsProtocol: 'WS',
    ...createExamples(hasDemoTokens ? DEMO_PLACEHOLDER : TOKEN_PLACEHOLDER),
    shouldPersistHeaders: true,
  });
  const [br, gzipped] = await Promise.all([
    promisify(brotliCompress)(identity, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: identity.length,
      },
    }),
    promisify(gzip)(identity),
  ]);
  return {
    bodies: { br, gzip: gzipped, identity },
    etag: `W/"${hash(identity).slice(0, 22)}"`,
    contentSecurityPolicy: contentSecurityPolicyOf(identity),
  };
}

// Loading Yoga's page takes 0.4 s and 70 MB, which the event loop of a gateway can't wait for, and which ends with the worker.
const WORKER = `
const { parentPort, workerData } = require('node:worker_threads');
const { path, options, render, script } = workerData;
const page = require(path).renderGraphiQL(options);
const at = page.lastIndexOf(render);
if (at < 0) throw new Error('The GraphiQL page of Yoga has changed: adapt src/server/graphiql.ts.');
parentPort.postMessage(Buffer.from(page.slice(0, at) + script + page.slice(at + render.length)));
`;

function renderInWorker(options: object): Promise<Buffer> {
  const path = createRequire(import.meta.url).resolve('@graphql-yoga/render-graphiql');
  const script = `${SCRIPT}renderWithHeaders(`;
  const worker = new Worker(WORKER, {
    eval: true,
    workerData: { path, options, render: RENDER, script },
    // The flags of a process that runs from the sources are not for a worker without sources.
    execArgv: [],
  });
  return new Promise((resolve, reject) => {
    worker.once('message', (page: Uint8Array) =>
      resolve(Buffer.from(page.buffer, page.byteOffset, page.length)),
    );
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`GraphiQL was not rendered: exit code ${code}`)));
  });
}

function contentSecurityPolicyOf(page: Buffer): string {
  const opening = page.indexOf('<script>');
  const start = opening + '<script>'.length;
  const end = page.indexOf('</script>');
  if (opening < 0 || end < start || page.includes('</script>', end + 1))
    throw new Error('The GraphiQL page of Yoga has another script: adapt src/server/graphiql.ts.');
  return [
    "default-src 'none'",
    `script-src 'sha256-${hash(page.subarray(start, end))}'`,
    // The editor runs its workers from blobs, and its styles and fonts are in the page.
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    'img-src data:',
    'font-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function hash(text: Buffer): string {
  return createHash('sha256').update(text).digest('base64');
}
