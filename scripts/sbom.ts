import { execFileSync } from 'node:child_process';

// Prints the packages that `npm ci --omit=dev` installs as CycloneDX: `npm run --silent sbom > sbom.json`.

interface BillOfMaterials {
  metadata: { component: Component };
  components: Component[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

interface Component {
  'bom-ref': string;
  name: string;
  properties: { name: string; value: string }[];
}

const DEVELOPMENT = 'cdx:npm:package:development';

// `npm sbom --omit dev` of npm 11 leaves out packages that development needs, too, such as graphql.
const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'];
const printed = execFileSync('npm', args, { encoding: 'utf8', maxBuffer: 64 * 1_048_576 });
const bill: BillOfMaterials = JSON.parse(printed);

// npm takes the name of the project from the folder.
const { component } = bill.metadata;
component.name = component['bom-ref'].replace(/@[^@]*$/, '');
bill.components = bill.components.filter(
  ({ properties }) => !properties.some(({ name }) => name === DEVELOPMENT),
);
const refs = new Set([component, ...bill.components].map((one) => one['bom-ref']));
bill.dependencies = bill.dependencies
  .filter(({ ref }) => refs.has(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((target) => refs.has(target)) }));
process.stdout.write(`${JSON.stringify(bill, null, 2)}\n`);
