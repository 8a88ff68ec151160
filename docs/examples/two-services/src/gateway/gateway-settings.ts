/** What the gateway service has to know of the others. */
export interface GatewaySettings {
  /** The identity provider whose access tokens come in, exactly as in their `iss`. */
  readonly issuer: string;
  /** What they carry in `aud`. */
  readonly audience: string;
  /** The platform that makes hop tokens of them. */
  readonly platformUrl: string;
  /** The service behind. */
  readonly modelsUrl: string;
}

export const GatewaySettings = Symbol('GatewaySettings');
