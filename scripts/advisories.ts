import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';

// Checks the packages of production for known vulnerabilities: `npm run advisories`, a part of `npm run check`.

export interface Verdict {
  /** unknown: the registry could not be asked, or keeps no advisories. */
  kind: 'clean' | 'vulnerable' | 'unknown' | 'failed';
  text: string;
}

interface AuditReport {
  metadata?: { vulnerabilities?: { high: number; critical: number } };
  vulnerabilities?: Record<
    string,
    { name: string; severity: string; range: string; via: (string | Advisory)[] }
  >;
  message?: string;
  error?: { code?: string; summary?: string };
}

interface Advisory {
  severity: string;
  title: string;
  url: string;
}

const SEVERE = ['high', 'critical'];

/** Judges the output of `npm audit --json`, whose exit code is 1 for vulnerabilities and for most errors. */
export function judgeAudit(output: string): Verdict {
  const report = parseReport(output);
  const { vulnerabilities: counts } = report?.metadata ?? {};
  if (counts) {
    return counts.high + counts.critical > 0
      ? { kind: 'vulnerable', text: describeVulnerabilities(report?.vulnerabilities ?? {}) }
      : { kind: 'clean', text: 'No package of production has a known vulnerability of high severity.' };
  }
  // Mistakes of the project, such as a missing lockfile, have a code; answers of the registry have none.
  const { code, summary } = report?.error ?? {};
  if (code) return { kind: 'failed', text: `npm audit failed: ${summary ?? code}` };
  const reason = report?.message ?? 'npm audit gave no report';
  return {
    kind: 'unknown',
    text: `Notice: advisories were not checked, as the registry can't say: ${reason}`,
  };
}

function parseReport(output: string): AuditReport | null {
  try {
    return JSON.parse(output) as AuditReport | null;
  } catch {
    return null;
  }
}

function describeVulnerabilities(found: NonNullable<AuditReport['vulnerabilities']>): string {
  const lines = Object.values(found)
    .filter(({ severity }) => SEVERE.includes(severity))
    .flatMap(({ name, severity, range, via }) => [
      `${name} ${range}: ${severity}`,
      ...via.map((one) => (typeof one === 'string' ? `  through ${one}` : `  ${one.title} (${one.url})`)),
    ]);
  return ['Packages of production have known vulnerabilities. Update them:', ...lines].join('\n');
}

function audit(): Promise<string> {
  // Exits with 1 for vulnerabilities; the report is in the output all the same.
  const args = [
    'audit',
    '--omit=dev',
    '--audit-level=high',
    '--json',
    '--fetch-retries=0',
    '--fetch-timeout=20000',
  ];
  return new Promise((resolve) => execFile('npm', args, (_error, stdout) => resolve(stdout)));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { kind, text } = judgeAudit(await audit());
  process.stdout.write(`${text}\n`);
  process.exitCode = kind === 'vulnerable' || kind === 'failed' ? 1 : 0;
}
