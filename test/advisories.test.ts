import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { judgeAudit } from '../scripts/advisories.ts';

const run = promisify(execFile);

/** A report of `npm audit --json`, as npm 11 prints it. */
function report(counts: Record<string, number>, vulnerabilities: object = {}): string {
  const none = { info: 0, low: 0, moderate: 0, high: 0, critical: 0 };
  return JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities,
    metadata: { vulnerabilities: { ...none, ...counts }, dependencies: { prod: 170, dev: 0, total: 170 } },
  });
}

const FOUND = {
  ws: {
    name: 'ws',
    severity: 'high',
    isDirect: true,
    via: [
      {
        source: 1098392,
        name: 'ws',
        dependency: 'ws',
        title: 'ws affected by a DoS when handling a request with many HTTP headers',
        url: 'https://github.com/advisories/GHSA-3h5v-q93c-6h6q',
        severity: 'high',
        range: '>=8.0.0 <8.17.1',
      },
    ],
    effects: ['engine.io'],
    range: '8.0.0 - 8.17.0',
    nodes: ['node_modules/ws'],
    fixAvailable: true,
  },
  'engine.io': {
    ...{ name: 'engine.io', severity: 'critical', isDirect: false, via: ['ws'], effects: [] },
    ...{ range: '6.5.2', nodes: ['node_modules/engine.io'], fixAvailable: true },
  },
  mild: {
    ...{ name: 'mild', severity: 'moderate', isDirect: false, via: [], effects: [], range: '*', nodes: [] },
    fixAvailable: false,
  },
};

test('vulnerabilities of high severity fail the check, and are named with their advisories', () => {
  const { kind, text } = judgeAudit(report({ high: 1, critical: 1, moderate: 1 }, FOUND));
  expect(kind).toBe('vulnerable');
  expect(text.split('\n').slice(1)).toEqual([
    'ws 8.0.0 - 8.17.0: high',
    '  ws affected by a DoS when handling a request with many HTTP headers (https://github.com/advisories/GHSA-3h5v-q93c-6h6q)',
    'engine.io 6.5.2: critical',
    '  through ws',
  ]);
});

test('lesser vulnerabilities, or none, pass', () => {
  expect(judgeAudit(report({ moderate: 1, low: 2 }, { mild: FOUND.mild })).kind).toBe('clean');
  expect(judgeAudit(report({})).kind).toBe('clean');
});

const NO_ANSWER = { summary: '', detail: '' };

test.each([
  [
    'keeps no advisories',
    {
      ...{
        message: '405 Method Not Allowed - POST https://registry.npmjs.org/-/npm/v1/security/advisories/bulk',
      },
      ...{ method: 'POST', headers: { allow: ['GET,HEAD'] }, statusCode: 405, body: '', error: NO_ANSWER },
    },
  ],
  [
    'is not reached',
    {
      message:
        'request to https://registry.npmjs.org/-/npm/v1/security/advisories/bulk failed, reason: getaddrinfo ENOTFOUND',
      error: NO_ANSWER,
    },
  ],
])('a registry that %s leaves a notice', (_title, output) => {
  const { kind, text } = judgeAudit(JSON.stringify(output));
  expect(kind).toBe('unknown');
  expect(text).toContain(`Notice: advisories were not checked, as the registry can't say: ${output.message}`);
});

test('npm that prints no report leaves a notice', () => {
  for (const output of ['', 'Killed', 'null', '[]']) expect(judgeAudit(output).kind).toBe('unknown');
});

test('a mistake of the project fails the check', () => {
  const error = { code: 'ENOLOCK', summary: 'This command requires an existing lockfile.', detail: '' };
  expect(judgeAudit(JSON.stringify({ error }))).toEqual({
    kind: 'failed',
    text: 'npm audit failed: This command requires an existing lockfile.',
  });
});

test('npm run sbom prints what an installation without development tools has, as CycloneDX', async () => {
  const { stdout } = await run('npm', ['run', '--silent', 'sbom'], { maxBuffer: 64 * 1_048_576 });
  const { bomFormat, components, dependencies, metadata } = JSON.parse(stdout);
  expect({ bomFormat, name: metadata.component.name }).toEqual({ bomFormat: 'CycloneDX', name: 'parley' });
  const refs: string[] = components.map((component: { 'bom-ref': string }) => component['bom-ref']);
  expect([...refs].sort()).toEqual(await packagesOfProduction());
  const named = dependencies.flatMap(({ ref, dependsOn }: { ref: string; dependsOn: string[] }) => [
    ref,
    ...dependsOn,
  ]);
  expect(named.filter((ref: string) => !refs.includes(ref) && !ref.startsWith('parley@'))).toEqual([]);
});

/** Packages in the lockfile that are not for development alone, as name@version. */
async function packagesOfProduction(): Promise<string[]> {
  const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8'));
  const entries = Object.entries<{ version: string; dev?: boolean }>(packages).filter(
    ([path, { dev }]) => path !== '' && !dev,
  );
  const names = entries.map(([path, { version }]) => `${path.split('node_modules/').at(-1)}@${version}`);
  return [...new Set(names)].sort();
}
