// Counts the dependencies and their licences, and refuses what the product must not be made of.
// `node scripts/licences.mjs [directory of package.json and package-lock.json]`
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dependenciesOf, refusedDependencies, summaryOf } from './licences/dependencies.mjs';
import { statedLicence } from './licences/stated-licence.mjs';
import { root } from './process/root.mjs';

const directory = process.argv[2] ?? root;
const read = (name) => JSON.parse(readFileSync(join(directory, name), 'utf8'));
const { allowScripts = {} } = read('package.json');
const dependencies = dependenciesOf(read('package-lock.json'), (path) => statedLicence(join(directory, path)));

const production = dependencies.filter(({ isProduction }) => isProduction);
// Packages for development on other systems are not installed here, and nobody else's concern.
const others = dependencies.filter(({ isProduction, licence }) => !isProduction && licence !== undefined);
const silenced = production.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name);
console.log(`production: ${summaryOf(production)}`);
console.log(`development: ${summaryOf(others)}`);
console.log(`install scripts that are never run: ${silenced.join(', ') || 'none'}`);

const refused = refusedDependencies(dependencies, allowScripts);
for (const line of refused) console.error(`  ${line}`);
if (refused.length > 0) {
  console.error(`error: ${refused.length} production dependency problem(s): choose other packages`);
  process.exitCode = 1;
}
