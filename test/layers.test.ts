import { beforeAll, expect, test } from 'vitest';
import {
  circlesAmong,
  circlesAmongFolders,
  importsOf,
  importsOfPackages,
  layerOf,
  layerViolations,
  type Module,
  readModules,
} from './support/layers.ts';

const TRANSPORTS = /^(graphql-yoga|@graphql-yoga\/.*|graphql-ws(\/.*)?|ws)$/;
const OUTSIDE_WORLD = /^(graphql(-.*)?|@graphql.*|@pothos\/.*|ws|(node:)?(http|http2|https|net|tls|dgram))$/;
const MAX_LINES = 300;

let modules: Module[];

beforeAll(async () => {
  modules = await readModules();
});

function madeUp(path: string, ...imports: string[]): Module {
  return { path, lines: 1, imports };
}

test('an import points to a lower row', () => {
  expect(layerViolations(modules)).toEqual([]);
  expect(modules.length).toBeGreaterThan(80);
});

test('imports that point up, sideways or out of the known rooms are found', () => {
  const violations = layerViolations([
    madeUp('domain/message.ts', 'db/client.ts', 'graphql/message.ts', 'errors.ts', 'domain/limits.ts'),
    madeUp('graphql/message.ts', 'ingest/voipbin.ts', 'domain/message.ts'),
    madeUp('db/client.ts', 'feed/event.ts', 'db/generated/prisma/client.ts'),
    madeUp('lifecycle.ts', 'log.ts', 'app.ts'),
    madeUp('helpers/text.ts', 'errors.ts'),
    madeUp('domain/text.ts', 'helpers/text.ts'),
  ]);
  expect(violations).toEqual([
    'domain/message.ts imports graphql/message.ts',
    'graphql/message.ts imports ingest/voipbin.ts',
    'db/client.ts imports feed/event.ts',
    'lifecycle.ts imports app.ts',
    'helpers/text.ts is in a room that the layers do not name',
    'domain/text.ts imports helpers/text.ts',
  ]);
});

test('imports of types, dynamic imports and re-exports count as imports', () => {
  const text = `
    import type { Viewer } from '../domain/viewer.ts';
    import { type Db, createPrisma } from '../db/client.ts';
    import './visibility.ts';
    export { schema } from './schema.ts';
    type Log = import('../log.ts').Log;
    const { serve } = await import('../cli/serve.ts');
    import pg from 'pg';
    // import { nothing } from './comment.ts';
    const text = "import { nothing } from './text.ts'";`;
  expect(importsOf('graphql/example.ts', text).sort()).toEqual(
    [
      'domain/viewer.ts',
      'db/client.ts',
      'graphql/visibility.ts',
      'graphql/schema.ts',
      'log.ts',
      'cli/serve.ts',
      'pg',
    ].sort(),
  );
});

test('no files import each other in a circle', () => {
  expect(circlesAmong(modules)).toEqual([]);
});

test('a circle is found, however long', () => {
  const circle = [
    madeUp('domain/a.ts', 'errors.ts', 'domain/b.ts'),
    madeUp('domain/b.ts', 'domain/c.ts'),
    madeUp('domain/c.ts', 'domain/a.ts'),
  ];
  expect(circlesAmong(circle)).toEqual(['domain/a.ts > domain/b.ts > domain/c.ts > domain/a.ts']);
  expect(circlesAmong(circle.slice(0, 2))).toEqual([]);
});

test('the folders of a layer do not import each other in a circle', () => {
  expect(circlesAmongFolders(modules)).toEqual([]);
});

test('a circle among folders is found, though no files import each other in one', () => {
  const circle = [
    madeUp('domain/contact/a.ts', 'domain/core/b.ts'),
    madeUp('domain/core/b.ts', 'errors.ts'),
    madeUp('domain/core/c.ts', 'domain/contact/d.ts'),
  ];
  expect(circlesAmong(circle)).toEqual([]);
  expect(circlesAmongFolders(circle)).toEqual(['domain/contact > domain/core > domain/contact']);
});

test('only the server knows that there are transports', () => {
  const others = modules.filter(({ path }) => !['server', 'app'].includes(layerOf(path)));
  expect(importsOfPackages(others, TRANSPORTS)).toEqual([]);
  expect(importsOfPackages(modules, TRANSPORTS)).not.toEqual([]);
});

test('the rules know nothing of GraphQL, HTTP or sockets', () => {
  const domain = modules.filter(({ path }) => layerOf(path) === 'domain');
  expect(importsOfPackages(domain, OUTSIDE_WORLD)).toEqual([]);
  const wrong = madeUp(
    'domain/a.ts',
    'graphql',
    '@pothos/core',
    'node:http',
    'ws',
    'graphql-ws/use/ws',
    'lru-cache',
  );
  expect(importsOfPackages([wrong], OUTSIDE_WORLD)).toHaveLength(5);
});

test(`no file has more than ${MAX_LINES} lines`, () => {
  const long = modules.filter(({ lines }) => lines > MAX_LINES);
  expect(long.map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
});
