import { ModernFakeTimers } from '@jest/fake-timers';
import { ModuleMocker } from 'jest-mock';

const testTimeout = Symbol.for('TEST_TIMEOUT_SYMBOL');
const { exit } = process;
const { console } = globalThis;

/** The worker's own realm, for one test file after another: mocks, timers and variables are put back when a file has ended. */
export class SharedEnvironment {
  global = globalThis;
  fakeTimers = null;
  #variables = { ...process.env };
  #exitCode = process.exitCode;

  constructor({ projectConfig: config }) {
    this.moduleMocker = new ModuleMocker(globalThis);
    this.fakeTimersModern = new ModernFakeTimers({ config, global: globalThis });
  }

  async setup() {}

  async teardown() {
    this.moduleMocker.restoreAllMocks();
    this.fakeTimersModern.dispose();
    delete globalThis[testTimeout];
    for (const name of Object.keys(process.env)) if (!Object.hasOwn(this.#variables, name)) delete process.env[name];
    Object.assign(process.env, this.#variables);
    process.exitCode = this.#exitCode;
    // What Jest has put in their places.
    process.exit = exit;
    globalThis.console = console;
  }

  /** Jest asks for it, and does nothing with it. */
  getVmContext() {
    return null;
  }
}
