#!/usr/bin/env node
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const program = join(__dirname, '..', 'dist', 'nemo.cjs');
if (existsSync(program)) {
  require(program).main();
} else {
  process.stderr.write('This program has not been built yet. Run: npm run build\n');
  process.exitCode = 1;
}
