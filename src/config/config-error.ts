import { StartUpError } from '../start-up-error.js';

/** The configuration is wrong. Lists every problem, each with the setting or variable it is about. */
export class ConfigError extends StartUpError {
  constructor(
    readonly problems: readonly string[],
    options?: ErrorOptions,
  ) {
    super(`wrong configuration: ${problems.join('; ')}`, options);
  }
}
