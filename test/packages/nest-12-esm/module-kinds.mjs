// The same package loaded by `import` and by `require` must give the same names, and know its errors as its own.
import { deepEqual, equal, notEqual } from 'node:assert/strict';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
await import('reflect-metadata');

for (const name of ['@nmp/tokens', '@nmp/auth', '@nmp/auth/testing']) {
  const imported = Object.keys(await import(name)).filter((key) => key !== 'default' && key !== 'module.exports');
  const required = Object.keys(require(name)).filter((key) => key !== 'default');
  deepEqual(imported.sort(), required.sort(), `${name} exports different names by import and by require`);
}

const esm = await import('@nmp/tokens');
const cjs = require('@nmp/tokens');
notEqual(esm.MissingTokenError, cjs.MissingTokenError, 'two copies were expected');
equal(esm.isAuthError(new cjs.MissingTokenError()), true, 'an error of the CommonJS copy is unknown to the ESM copy');
equal(cjs.isAuthError(new esm.MissingTokenError()), true, 'an error of the ESM copy is unknown to the CommonJS copy');

equal(typeof (await import('@nmp/sdk')).NeMoPlatform, 'function');
