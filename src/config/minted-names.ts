/** What the tokens that the platform issues itself are known by: their issuer, and where its documents are. */
export interface MintedNames {
  /** The `iss` of these tokens. */
  readonly issuer: string;
  readonly jwksUri: string;
  readonly tokenEndpoint: string;
  /** The audience of workload tokens, unless the configuration says another. */
  readonly workloadAudience: string;
}

export function mintedNamesOf(publicUrl: string): MintedNames {
  const issuer = `${publicUrl}/apis/auth`;
  return {
    issuer,
    jwksUri: `${issuer}/jwks`,
    tokenEndpoint: `${issuer}/token`,
    workloadAudience: `${issuer}/workloads`,
  };
}
