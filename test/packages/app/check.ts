import { deepStrictEqual } from 'node:assert';
import { callEverything, expectedAnswers } from './calls.js';

async function main(): Promise<void> {
  deepStrictEqual(await callEverything(), expectedAnswers);
}

// A rejection ends the process with exit code 1 and the difference.
void main();
