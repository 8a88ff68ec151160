/** Where a client's access token comes from. */
export interface TokenSource {
  /** A token that is good for a request now, or `undefined` when requests go without one. */
  accessToken(): Promise<string | undefined>;
  /** Another token in place of one that the platform refused, or `undefined` when there is none. */
  replacementFor(refused: string): Promise<string | undefined>;
}

/** Always the same token, as somebody gave it. */
export class FixedTokenSource implements TokenSource {
  constructor(private readonly token: string | undefined) {}

  accessToken(): Promise<string | undefined> {
    return Promise.resolve(this.token);
  }

  replacementFor(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}
