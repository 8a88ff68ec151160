// Runs one task of the tool chain: `node scripts/run.mjs lint | format | typecheck | unused | jest | engines | licences | openapi | docs [arguments]`.
import { ensureInstalled } from './ensure-installed.mjs';
import { tasks } from './tasks.mjs';

const [name = '', ...args] = process.argv.slice(2);
const known = Object.keys(tasks);

try {
  if (!known.includes(name)) throw new Error(`unknown task "${name}"; known: ${known.join(', ')}`);
  await ensureInstalled();
  process.exitCode = await tasks[name](args);
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
