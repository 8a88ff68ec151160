/** Whose tokens are exchanged for which: all that is said of it must hold. */
export interface ExchangeRule {
  /** What the audit calls it. */
  readonly name: string;
  /** Who issued the workload's token. */
  readonly issuer: string;
  readonly jwksUri: string | undefined;
  readonly discoveryUrl: string | undefined;
  /** What must be among its `aud`. */
  readonly audience: string;
  /** What its `sub` must be; `*` stands for one whole segment. */
  readonly subject: string | undefined;
  /** Claims, or paths to them, with the values they must have. */
  readonly claims: Readonly<Record<string, string>>;
  /** Who the workload is on the platform. */
  readonly principal: {
    readonly id: string;
    readonly email: string | undefined;
    readonly groups: readonly string[];
  };
  /** What its tokens are good for; a request may ask for fewer. */
  readonly scopes: readonly string[];
  readonly lifeSeconds: number;
}

/** When and how tokens of workloads are exchanged for those of the platform. */
export interface TokenExchangeConfig {
  /** The audience of the tokens that are given out. */
  readonly audience: string;
  /** The first that matches counts. */
  readonly rules: readonly ExchangeRule[];
}
