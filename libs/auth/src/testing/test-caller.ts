/** Who calls, and what is odd about the token; everything left out is as in a good one. */
export interface TestCaller {
  /** What the provider calls the caller. @default made of `email` or `client`, another one for each */
  id?: string;
  /** @default user@example.com for people, none for programs */
  email?: string;
  /** What the provider says of the e-mail address. @default true */
  emailVerified?: boolean;
  /** @default [] */
  groups?: readonly string[];
  /** As decorators name them; the application's `scopePrefix` is put before them. @default [] */
  scopes?: readonly string[];
  /** The caller is a program with a token of its own: its OAuth client. One of `serviceClients` is that service. */
  client?: string;
  /** Which of the application's issuers has signed the token. @default the main one */
  issuer?: string;
  /** @default what the application expects */
  audience?: string | readonly string[];
  /** Seconds from now; negative for a token that has expired. @default 300 */
  expiresInSeconds?: number;
  /** Claims to add or replace; `undefined` takes one away. */
  claims?: Readonly<Record<string, unknown>>;
}
