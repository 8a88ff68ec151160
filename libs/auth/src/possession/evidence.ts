/** What a request has to show that its sender holds the keys of its token. */
export interface Evidence {
  /** The request itself: a proof serves one, however often it is asked about. */
  readonly request: object;
  /** `undefined` for what is no HTTP request. */
  readonly method: string | undefined;
  /** The target of the request, as it came; `undefined` for what is no HTTP request. */
  readonly target: string | undefined;
  /** The values of all `DPoP` headers. */
  readonly proofs: readonly string[];
  /** The client's certificate, in DER, as far as it can be believed. */
  certificate(): Buffer | undefined;
}

/** Reads the evidence of a request, which is done only for tokens that are bound to a key. */
export type EvidenceReader = (request: object) => Evidence;
