import { availableParallelism } from 'node:os';

/** @type {import('jest').Config} */
const swc = [
  '@swc/jest',
  {
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
      keepClassNames: true,
    },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  },
];

const project = {
  rootDir: import.meta.dirname,
  // Test files run as programs do, without a realm of their own: most of their time went into loading what others had loaded.
  runtime: '<rootDir>/test/support/worker/runtime.cjs',
  injectGlobals: false,
  // A test file fails when a secret that it used is in anything that was written.
  testEnvironment: '<rootDir>/test/support/leaks/environment.mjs',
  // The first key of every library's `exports` map: tests run on the sources, without a build.
  testEnvironmentOptions: { customExportConditions: ['nmp-source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': swc },
  modulePathIgnorePatterns: [
    '<rootDir>/dist/',
    '<rootDir>/libs/[^/]+/dist/',
    '<rootDir>/.quickstart/',
    '<rootDir>/.interop/',
  ],
  setupFiles: ['<rootDir>/test/support/setup.ts'],
};

export default {
  projects: [
    {
      ...project,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/libs/*/src/**/*.spec.ts',
        '<rootDir>/src/**/*.spec.ts',
        '<rootDir>/libs/*/test/**/*.spec.ts',
      ],
    },
    {
      ...project,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/**/*.e2e-spec.ts'],
      testPathIgnorePatterns: ['/interop/'],
    },
    // Needs a PostgreSQL server, which the interop suite starts.
    ...(process.env.NMP_TEST_DATABASE_URL === undefined
      ? []
      : [{ ...project, displayName: 'postgres', testMatch: ['<rootDir>/test/interop/**/*.pg-spec.ts'] }]),
    // Types what the guides say, for which the suite `guides` has all the time.
    ...(process.env.NMP_TEST_GUIDES === undefined
      ? []
      : [{ ...project, displayName: 'guides', testMatch: ['<rootDir>/test/interop/**/*.guide-spec.ts'] }]),
  ],
  // A test that waits for ever is ended some time; no test is about time, and machines may be slow.
  testTimeout: 120_000,
  // Many tests wait for processes and servers.
  maxWorkers: availableParallelism() + 1,
  workerIdleMemoryLimit: '1GB',
  reporters: ['default', '<rootDir>/scripts/jest-closing-line.mjs'],
};
