// Runs after `npm ci`. Builds where the tools are installed; `npm ci --omit=dev` leaves them out and uses dist/ as it is.
import { execSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const BUILD_TOOLS = ['prisma', 'typescript', '@types/node', '@types/pg', '@types/ws'];
const root = fileURLToPath(new URL('..', import.meta.url));
const { resolve } = createRequire(import.meta.url);

if (BUILD_TOOLS.every(isInstalled)) {
  execSync('npm run build', { cwd: root, stdio: 'inherit' });
} else if (!existsSync(`${root}/dist/main.js`)) {
  process.stderr.write(
    'Parley is not built: dist/ is missing, and the tools that build it are dev dependencies, which were left out.\n' +
      'Run `npm ci && npm prune --omit=dev`, or copy dist/ from a checkout where `npm ci` has run.\n',
  );
}

function isInstalled(name) {
  try {
    return Boolean(resolve(`${name}/package.json`));
  } catch {
    return false;
  }
}
