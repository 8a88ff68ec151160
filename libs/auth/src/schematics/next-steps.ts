import type { EnvironmentNames } from './environment-names.js';
import type { TestChanges } from './e2e-test.js';
import type { SettingsSource } from './wiring.js';

/** What has been found out and done, as far as a person has to know it. */
export interface Outcome {
  readonly rootModule: string;
  readonly names: EnvironmentNames;
  readonly from: SettingsSource;
  readonly issuer: string | undefined;
  readonly example: string;
  readonly tests: TestChanges | undefined;
  readonly guards: readonly string[];
}

/** What is said at the end: what holds now, and what is left to do. */
export function nextSteps(outcome: Outcome): { readonly said: string[]; readonly warnings: string[] } {
  const { rootModule, names, from, issuer, example, tests, guards } = outcome;
  return {
    said: [
      `AuthModule in ${rootModule} guards every route: @Public() opens one.`,
      ...(tests === undefined
        ? []
        : [`${tests.file} tries it with a caller who is signed in, and with one who is not.`]),
      ...(from === 'process.env'
        ? [`The variables of ${example} are read from the environment, no file is: node --env-file=.env reads one.`]
        : []),
    ],
    warnings: [
      ...(issuer === undefined
        ? [
            `Who signs people in is not known yet: set ${names.issuer} and ${names.clientId}, as in ${example}, before it starts.`,
          ]
        : []),
      ...(tests === undefined ? ['No Jest and no Vitest in package.json: no test has been written.'] : []),
      ...(tests?.refused ?? []).map(
        (path) =>
          `${path} calls without a token and will be refused: override AuthConfig, and .use(asPrincipal()), as ${tests?.file} does.`,
      ),
      ...guards.map((guard) => `${guard}: it goes on deciding, too. Remove it if AuthModule takes its place.`),
    ],
  };
}
