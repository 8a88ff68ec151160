// The same package loaded by `import` and by `require` must give the same names, and know its errors as its own.
import { deepEqual, equal, notEqual } from 'node:assert/strict';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
await import('reflect-metadata');

for (const name of ['@nmp/tokens', '@nmp/auth', '@nmp/sdk', '@nmp/cli', '@nmp/dev-idp']) {
  const { exports } = require(`${name}/package.json`);
  const entries = Object.keys(exports).filter((path) => !path.endsWith('.json'));
  for (const entry of entries) await compare(`${name}${entry.slice(1)}`);
}

const esm = await import('@nmp/tokens');
const cjs = require('@nmp/tokens');
notEqual(esm.MissingTokenError, cjs.MissingTokenError, 'two copies were expected');
equal(esm.isAuthError(new cjs.MissingTokenError()), true, 'an error of the CommonJS copy is unknown to the ESM copy');
equal(cjs.isAuthError(new esm.MissingTokenError()), true, 'an error of the ESM copy is unknown to the CommonJS copy');

async function compare(entry) {
  const imported = Object.keys(await import(entry)).filter((key) => key !== 'default' && key !== 'module.exports');
  const required = Object.keys(require(entry)).filter((key) => key !== 'default' && key !== 'module.exports');
  deepEqual(imported.sort(), required.sort(), `${entry} exports different names by import and by require`);
}
