// Makes everything that the platform depends on fail, in every way there is, and shows what callers see of it:
// `npm run test:faults [-- --short] [--write]`. What cannot be had on this machine is named and fails nothing.
import { join } from 'node:path';
import { build } from './build.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { root } from './process/root.mjs';
import { Tally } from './process/tally.mjs';

const known = ['--short', '--write'];
const strange = process.argv.slice(2).find((argument) => !known.includes(argument));
if (strange !== undefined) {
  console.error(`error: there is no option "${strange}"; known: ${known.join(', ')}`);
  process.exit(1);
}
const isShort = process.argv.includes('--short');

await ensureInstalled();
await build();
// Only now is it certain that what they depend on is there.
const { FaultTable } = await import('../test/faults/fault-table.mjs');
const { faultSuite } = await import('../test/faults/suite.mjs');
const tally = new Tally();
const table = new FaultTable();
await faultSuite({ tally, table, isShort });
console.log(`\n${table.toString()}`);
tally.close();
if (process.argv.includes('--write') && tally.failed === 0) {
  await table.writeInto(join(root, 'docs', 'reliability.md'));
}
