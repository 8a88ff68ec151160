import { SharedEnvironment } from '../worker/environment.mjs';
import { captureOutput } from './captured-output.mjs';
import { hearTraffic } from './heard-traffic.mjs';
import { LeakWatch } from './leak-watch.mjs';
import { watchSpies } from './watched-spies.mjs';

/** That of the test file that is running; a process runs one after another. */
let current;

// Once a process, as are the modules of Node.
captureOutput({
  output: (source, text) => current?.output(source, text),
  secret: (kind, value) => current?.secret(kind, value),
});
hearTraffic((kind, value) => current?.secret(kind, value));

/**
 * The environment in which a test file fails when a secret that it used is in anything that was written: tokens,
 * passwords, client secrets, cookies and the like, in the output of the tests, of their loggers and of the programs that they start.
 */
export default class LeakWatchingEnvironment extends SharedEnvironment {
  #watch = new LeakWatch();
  #testPath;

  constructor(config, context) {
    super(config);
    this.#testPath = context.testPath;
    current = this.#watch;
    watchSpies(this.moduleMocker, (line) => this.#watch.output('a logger', line));
    // What tests hand over themselves: see watched-output.ts.
    this.global[Symbol.for('nmp.leak-watch')] = this.#watch;
  }

  async handleTestEvent({ name }) {
    if (name !== 'run_finish') return;
    for (const { message } of this.global.console.getBuffer?.() ?? []) this.#watch.output('the console', message);
    const leaks = this.#watch.leaks();
    if (leaks.length > 0) throw new Error(`${this.#testPath} leaks secrets:\n  ${leaks.join('\n  ')}`);
  }

  async teardown() {
    if (current === this.#watch) current = undefined;
    await super.teardown();
  }
}
