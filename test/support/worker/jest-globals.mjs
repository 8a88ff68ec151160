/** What test files import from `@jest/globals`: the same for all test files of a worker. */
export const {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  fdescribe,
  fit,
  it,
  jest,
  test,
  xdescribe,
  xit,
  xtest,
} = globalThis[Symbol.for('nmp.jest-globals')];
