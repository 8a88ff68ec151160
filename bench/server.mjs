// The process under load: starts the applications of one adapter and tells their URLs to the process that forked it.
import { startItemsApp } from './items-app.mjs';

const [adapter, issuer] = process.argv.slice(2);
process.send({ cached: await startItemsApp(adapter, issuer), uncached: await startItemsApp(adapter, issuer, false) });
process.on('disconnect', () => process.exit());
