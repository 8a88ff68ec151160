import { StartUpError } from '../start-up-error.js';

/** The configuration is wrong. Lists every problem, each with the setting or variable it is about. */
export class ConfigError extends StartUpError {
  constructor(
    readonly problems: readonly string[],
    { hint, ...options }: ErrorOptions & { hint?: string | undefined } = {},
  ) {
    super(`wrong configuration: ${problems.join('; ')}${hint === undefined ? '' : ` (${hint})`}`, options);
  }
}
