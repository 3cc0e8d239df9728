import { renderGraphiQL as renderYogaGraphiQL } from '@graphql-yoga/render-graphiql';

const RENDER = 'YogaGraphiQL.renderYogaGraphiQL(';

// Runs in the browser: the headers of the tab that is open, as connection_init is to have them.
const WITH_HEADERS = `
function headersOfTab() {
  try {
    const { tabs, activeTabIndex } = JSON.parse(localStorage.getItem('graphiql:tabState'));
    return JSON.parse(tabs[activeTabIndex].headers || localStorage.getItem('graphiql:headers') || '{}');
  } catch {
    return {};
  }
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
