import type { EnvironmentNames } from './environment-names.js';
import type { NestAddOptions } from './nest-add-options.js';

/** An option of AuthModule that the application is configured by. */
export interface Setting {
  readonly option: 'issuer' | 'clientId' | 'audience';
  /** The environment variable that it is read from. */
  readonly variable: string;
  /** What it is without that variable; `undefined`: it has to be set. */
  readonly value: string | undefined;
  /** What a newcomer is shown. */
  readonly example: string;
  readonly comment: string;
}

/** The settings of an application: what has been said is in the program, the environment can say something else. */
export function settingsOf(
  { issuer, clientId, audience }: NestAddOptions,
  { environment, names, application }: Context,
): Setting[] {
  const client = clientId ?? application;
  const settings: Setting[] = [
    {
      option: 'issuer',
      variable: names.issuer,
      value: issuer,
      example: issuer ?? '',
      comment: 'The identity provider: "issuer" of its discovery document',
    },
    {
      option: 'clientId',
      variable: names.clientId,
      value: issuer === undefined ? clientId : client,
      example: client,
      comment: 'The client that people sign in with',
    },
  ];
  if (audience === undefined && !environment.has(names.audience)) return settings;
  const comment = 'What access tokens must carry in "aud"';
  const example = audience ?? '';
  return [...settings, { option: 'audience', variable: names.audience, value: audience, example, comment }];
}

interface Context {
  /** What is set in the files of settings. */
  readonly environment: ReadonlyMap<string, string>;
  readonly names: EnvironmentNames;
  /** The name of the application. */
  readonly application: string;
}
