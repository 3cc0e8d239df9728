import { renderGraphiQL as renderYogaGraphiQL } from '@graphql-yoga/render-graphiql';

const RENDER = 'YogaGraphiQL.renderYogaGraphiQL(';

// Runs in the browser: reads the headers of the open tab for connection_init. GraphiQL writes them to localStorage with a delay after they
// were typed or the page was opened.
const WITH_HEADERS = `
const HEADERS_TIMEOUT_MS = 2000;
function storedHeaders() {
  try {
    const { tabs, activeTabIndex } = JSON.parse(localStorage.getItem('graphiql:tabState'));
    // A tab that was not edited has the placeholder of the examples.
    const typed = [tabs[activeTabIndex].headers, localStorage.getItem('graphiql:headers')];
    return JSON.parse(typed.find((headers) => headers && !headers.includes('<JWT>')) || 'null');
  } catch {
    return null;
  }
}
async function headersOfTab() {
  const end = Date.now() + HEADERS_TIMEOUT_MS;
  while (!storedHeaders() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
  return storedHeaders() || {};
}
function renderWithHeaders(root, options) {
  YogaGraphiQL.renderYogaGraphiQL(root, { ...options, connectionParams: headersOfTab });
}
`;

/**
 * Renders GraphiQL as one page without external resources. Yoga's page does not send the headers of a tab when it opens a
 * websocket, where Parley reads the token: this one does.
 */
export function renderGraphiQL(options: Parameters<typeof renderYogaGraphiQL>[0]): string {
  const page = renderYogaGraphiQL(options);
  const at = page.lastIndexOf(RENDER);
  if (at < 0) throw new Error('The GraphiQL page of Yoga has changed: adapt src/server/graphiql.ts.');
  return `${page.slice(0, at)}${WITH_HEADERS}renderWithHeaders(${page.slice(at + RENDER.length)}`;
}
