import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';

/**
 * Runs suites in processes beside each other, and adds what each found to one tally. What the first writes is seen as it
 * comes, what the others write when those before them have ended, so that nothing stands between the lines of another.
 *
 * @param {string} program that takes the names of suites, and `--results FILE` for its tally
 * @param {readonly (readonly string[])[]} lanes the suites of each process
 * @param {import('./tally.mjs').Tally} tally
 */
export async function inLanes(program, lanes, tally) {
  const directory = mkdtempSync(join(tmpdir(), 'nmp-lanes-'));
  try {
    const running = lanes.map((names, at) => new Lane(program, names, join(directory, `${at}.json`)));
    for (const lane of running) await lane.show(tally);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

class Lane {
  #names;
  #process;
  #ended;
  #resultsFile;
  #unseen = '';
  #isShown = false;

  constructor(program, names, resultsFile) {
    this.#names = names;
    this.#resultsFile = resultsFile;
    const args = [...process.execArgv, program, ...names, '--results', resultsFile];
    this.#process = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#ended = once(this.#process, 'close');
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      const decoder = new StringDecoder();
      stream.on('data', (bytes) => this.#write(decoder.write(bytes)));
    }
  }

  async show(tally) {
    this.#isShown = true;
    process.stdout.write(this.#unseen);
    this.#unseen = '';
    const [code] = await this.#ended;
    if (code === 0) {
      const { passed, failed, parts } = JSON.parse(readFileSync(this.#resultsFile, 'utf8'));
      tally.passed += passed;
      tally.failed += failed;
      tally.parts.push(...parts);
    } else {
      await tally.run(`the suites ${this.#names.join(', ')} come to their end`, () => {
        throw new Error(`their process ended with exit code ${code}`);
      });
    }
  }

  #write(text) {
    if (this.#isShown) process.stdout.write(text);
    else this.#unseen += text;
  }
}
