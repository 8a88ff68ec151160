/** What the models service has to know of the platform. */
export interface ModelsSettings {
  /** The issuer of hop tokens: the platform's public address and `/apis/auth`. */
  readonly hopIssuer: string;
  /** Where its keys are, if not where its discovery document says. */
  readonly jwksUri?: string;
}
