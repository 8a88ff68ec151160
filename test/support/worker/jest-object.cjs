const testTimeout = Symbol.for('TEST_TIMEOUT_SYMBOL');

/** The object `jest` of test files, as far as a realm that test files share allows: nothing of it mocks modules. */
exports.JestObject = class JestObject {
  /** That of the test file which is running. */
  environment;

  fn = (implementation) => this.#mocks.fn(implementation);
  spyOn = (object, key, accessType) => this.#mocks.spyOn(object, key, accessType);
  replaceProperty = (object, key, value) => this.#mocks.replaceProperty(object, key, value);
  isMockFunction = (value) => this.#mocks.isMockFunction(value);
  mocked = (value) => value;
  clearAllMocks = () => this.#then(this.#mocks.clearAllMocks());
  resetAllMocks = () => this.#then(this.#mocks.resetAllMocks());
  restoreAllMocks = () => this.#then(this.#mocks.restoreAllMocks());

  useFakeTimers = (options) => this.#then(this.#timers.useFakeTimers(options));
  useRealTimers = () => this.#then(this.#timers.useRealTimers());
  advanceTimersByTime = (milliseconds) => this.#timers.advanceTimersByTime(milliseconds);
  advanceTimersByTimeAsync = (milliseconds) => this.#timers.advanceTimersByTimeAsync(milliseconds);
  advanceTimersToNextTimer = (steps) => this.#timers.advanceTimersToNextTimer(steps);
  runAllTimers = () => this.#timers.runAllTimers();
  runAllTimersAsync = () => this.#timers.runAllTimersAsync();
  runOnlyPendingTimers = () => this.#timers.runOnlyPendingTimers();
  runOnlyPendingTimersAsync = () => this.#timers.runOnlyPendingTimersAsync();
  clearAllTimers = () => this.#timers.clearAllTimers();
  getTimerCount = () => this.#timers.getTimerCount();
  setSystemTime = (now) => this.#timers.setSystemTime(now);
  now = () => this.#timers.now();

  setTimeout = (milliseconds) => {
    globalThis[testTimeout] = milliseconds;
    return this;
  };

  get #mocks() {
    return this.environment.moduleMocker;
  }

  get #timers() {
    return this.environment.fakeTimersModern;
  }

  #then() {
    return this;
  }
};
