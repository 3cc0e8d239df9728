// Prints what failed in the runs that are given, each as the path of its JSON report (vitest) and its exit code, and then all counts:
// `N passed, N failed`. Ends with code 1 if something failed. A run that left no report, or ran nothing, has failed.
import { readFileSync } from 'node:fs';
import { basename, relative } from 'node:path';

const lines = [];
let passed = 0;

for (let args = process.argv.slice(2); args.length > 0; args = args.slice(2)) {
  const [path, exitCode] = args;
  const report = readReport(path);
  const failures = report ? failuresOf(report, exitCode) : ['the run left no report'];
  passed += report?.numPassedTests ?? 0;
  lines.push(...failures.map((failure) => `${basename(path, '.json')}: ${failure}`));
}
if (lines.length > 0) process.stdout.write(`\nFailed:\n${lines.join('\n')}\n\n`);
process.stdout.write(`${passed} passed, ${lines.length} failed\n`);
process.exitCode = lines.length > 0 ? 1 : 0;

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

function failuresOf({ testResults, success, numPassedTests }, exitCode) {
  const failures = testResults.flatMap(failuresOfFile);
  if (numPassedTests === 0) failures.push('the run passed no test');
  // Such as a promise that was rejected, and that no test waited for.
  if (failures.length === 0 && !(success && exitCode === '0'))
    failures.push('the run failed outside of its tests');
  return failures;
}

/** Failed tests of a file, each with the first line of its message. A file that could not be loaded is a failure of its own. */
function failuresOfFile({ name, status, message, assertionResults }) {
  const file = relative('', name);
  const tests = assertionResults.filter((test) => test.status === 'failed');
  if (tests.length === 0) return status === 'failed' ? [`${file}\n  ${firstLine(message)}`] : [];
  return tests.map(
    ({ fullName, failureMessages }) => `${file} > ${fullName}\n  ${firstLine(failureMessages[0])}`,
  );
}

function firstLine(text = '') {
  return text.split('\n')[0];
}
