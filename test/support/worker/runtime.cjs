const { createRequire, register } = require('node:module');
const { pathToFileURL } = require('node:url');
const { JestObject } = require('./jest-object.cjs');
const { SourceMaps } = require('./source-maps.cjs');

/** Where `jest-globals.mjs` finds what test files import from `@jest/globals`. */
const globalsOfTests = Symbol.for('nmp.jest-globals');
const eventHandlers = Symbol.for('EVENT_HANDLERS');

const jest = new JestObject();
const ran = new Set();
let sourceMaps;
let circusState;

/**
 * Runs test files in the realm of their worker, as programs run: with Node's own modules, each loaded once a worker. Jest's own
 * runtime makes a realm for every file and loads everything there anew, which takes longer than most tests. The price: modules
 * cannot be mocked, and test files see what others have changed, but for what `SharedEnvironment` puts back.
 */
module.exports = class WorkerRuntime {
  #testPath;

  constructor(config, environment, _resolver, transformer, _files, { collectCoverage }, testPath) {
    if (collectCoverage) throw new Error('Jest cannot count what test files cover here: it does not load the modules');
    this.#testPath = testPath;
    jest.environment = environment;
    // Hooks live as long as the process.
    if (sourceMaps === undefined) register('./module-hooks.mjs', pathToFileURL(__filename), { data: { config } });
    sourceMaps ??= new SourceMaps(transformer);
  }

  unstable_shouldLoadAsEsm() {
    return true;
  }

  async unstable_importModule(file) {
    // Evaluating it is what tells Jest of its tests, and Node evaluates a module once.
    if (file === this.#testPath && ran.has(file))
      throw new Error('A process runs a test file once: use no --runInBand');
    ran.add(file);
    return import(pathToFileURL(file).href);
  }

  /** Loads the test framework, and has it forget the last test file: it expects to be loaded for each. */
  requireInternalModule(file) {
    const framework = require(file);
    const { resetState, getState } = createRequire(file)('..'); // the same code, with a state of its own
    circusState ??= Object.getOwnPropertySymbols(globalThis).find(
      ({ description }) => description === 'JEST_STATE_SYMBOL',
    );
    resetState();
    globalThis[circusState] = getState();
    globalThis[eventHandlers].splice(2); // the framework's own two stay
    return framework;
  }

  requireModule(file) {
    return require(file);
  }

  setGlobalsForRuntime(globals) {
    globalThis[globalsOfTests] = { ...globals, jest };
  }

  getSourceMaps() {
    return sourceMaps;
  }

  getAllCoverageInfoCopy() {
    return undefined;
  }

  enterTestCode() {}

  leaveTestCode() {}

  teardown() {}
};
