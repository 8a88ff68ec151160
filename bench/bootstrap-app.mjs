// Starts one application as server.mjs does and tells how long that took, in milliseconds, from the first call to the
// open port; what it needs is imported before.
import { adapters } from './nest.mjs';
import { variants } from './variants.mjs';

const [name, json] = process.argv.slice(2);
const given = JSON.parse(json);
await adapters[given.adapter]();

const startedAt = performance.now();
await variants[name](given);
process.send({ milliseconds: performance.now() - startedAt });
process.on('disconnect', () => process.exit());
