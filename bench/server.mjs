// The process under load: starts one application and tells its URL to the process that forked it.
import { variants } from './variants.mjs';

const [name, given] = process.argv.slice(2);
process.send({ url: await variants[name](JSON.parse(given)) });
process.on('disconnect', () => process.exit());
