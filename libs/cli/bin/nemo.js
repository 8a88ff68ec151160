#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const program = new URL('../dist/main.js', import.meta.url);
if (existsSync(fileURLToPath(program))) {
  const { main } = await import(program.href);
  await main();
} else {
  process.stderr.write('This program has not been built yet. Run: npm run build\n');
  process.exitCode = 1;
}
