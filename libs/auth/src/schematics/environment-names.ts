/** The environment variables that the application is configured by. */
export interface EnvironmentNames {
  readonly issuer: string;
  readonly clientId: string;
  readonly audience: string;
}

const issuerName = /^((?:[A-Z0-9]+_)*)ISSUER(?:_BASE)?(?:_UR[LI])?$/;

/** Chooses names: what the application calls its issuer already, and names that go with that. */
export function environmentNames(known: Iterable<string>): EnvironmentNames {
  const issuer = [...known].find((name) => issuerName.test(name)) ?? 'AUTH_ISSUER';
  const prefix = issuerName.exec(issuer)?.[1] || 'AUTH_';
  return { issuer, clientId: `${prefix}CLIENT_ID`, audience: `${prefix}AUDIENCE` };
}
