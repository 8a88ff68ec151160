// `npm run check [-- --quick]`: everything that must hold before a change goes in, each part also when another fails.
import { parts } from './check/parts.mjs';
import { runParts, tableOf } from './check/run-parts.mjs';
import { ensureInstalled } from './ensure-installed.mjs';

const strange = process.argv.slice(2).find((argument) => argument !== '--quick');
if (strange !== undefined) {
  console.error(`error: there is no option "${strange}"; known: --quick (tests, policy and quickstart alone)`);
  process.exit(1);
}
await ensureInstalled();
const isQuick = process.argv.includes('--quick');
const outcomes = await runParts(isQuick ? parts.filter((part) => part.isQuick) : parts, (name) => {
  console.log(`\n━━ ${name}`);
});
console.log(`\n━━ npm run check\n${tableOf(outcomes)}`);
if (outcomes.some(({ failed }) => failed > 0)) process.exitCode = 1;
