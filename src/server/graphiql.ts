import { renderGraphiQL as renderYogaGraphiQL } from '@graphql-yoga/render-graphiql';

const RENDER = 'YogaGraphiQL.renderYogaGraphiQL(';

// Runs in the browser: the headers of the tab that is open, as connection_init is to have them. GraphiQL keeps them in the storage of
// the page, a moment after they were typed, or the page was opened.
const WITH_HEADERS = `
const HEADERS_PATIENCE_MS = 2000;
function storedHeaders() {
  try {
    const { tabs, activeTabIndex } = JSON.parse(localStorage.getItem('graphiql:tabState'));
    // A tab that nobody has typed into still has the placeholder of the examples.
    const typed = [tabs[activeTabIndex].headers, localStorage.getItem('graphiql:headers')];
    return JSON.parse(typed.find((headers) => headers && !headers.includes('<JWT>')) || 'null');
  } catch {
    return null;
  }
}
async function headersOfTab() {
  const end = Date.now() + HEADERS_PATIENCE_MS;
  while (!storedHeaders() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
  return storedHeaders() || {};
}
function renderWithHeaders(root, options) {
  YogaGraphiQL.renderYogaGraphiQL(root, { ...options, connectionParams: headersOfTab });
}
`;

/**
 * GraphiQL as one page that needs no other host. Yoga's does not send the headers that were typed into it when it opens a
 * websocket, and a token there is all that Parley goes by.
 */
export function renderGraphiQL(options: Parameters<typeof renderYogaGraphiQL>[0]): string {
  const page = renderYogaGraphiQL(options);
  const at = page.lastIndexOf(RENDER);
  if (at < 0)
    throw new Error('the page of GraphiQL is another than expected: look at src/server/graphiql.ts');
  return `${page.slice(0, at)}${WITH_HEADERS}renderWithHeaders(${page.slice(at + RENDER.length)}`;
}
