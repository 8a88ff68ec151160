/** The part of a request, message or handshake that identifies its sender. */
export interface Carrier {
  readonly headers: {
    /** An array when the header was sent several times. */
    readonly authorization?: string | string[] | undefined;
  };
  /** The request itself, where it may prove that its sender holds the key that a token is bound to. */
  readonly request?: object;
}
