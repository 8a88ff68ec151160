import { createHash } from 'node:crypto';

/** A person who may sign in, as written in code or in the accounts file. */
export interface AccountSettings {
  readonly email: string;
  /** In the clear: these are the accounts of a development machine. */
  readonly password: string;
  /** @default the part of `email` before the `@` */
  readonly name?: string;
  /** @default [] */
  readonly groups?: readonly string[];
  /** @default true */
  readonly emailVerified?: boolean;
  /** The `sub` claim. @default an id derived from `email`, the same after every restart */
  readonly subject?: string;
}

/** A person with every default filled in. */
export type Account = Required<AccountSettings>;

/** The accounts of a provider that was told of no others. */
export const builtInAccounts: readonly AccountSettings[] = [
  { email: 'alice@example.com', password: 'alice-password', name: 'Alice', groups: ['team-ml'] },
  { email: 'admin@example.com', password: 'admin-password', name: 'Admin', groups: ['platform-admins'] },
];

/** Fills in what the settings leave out. */
export function completeAccount(settings: AccountSettings): Account {
  return {
    email: settings.email,
    password: settings.password,
    name: settings.name ?? settings.email.replace(/@.*$/, ''),
    groups: settings.groups ?? [],
    emailVerified: settings.emailVerified ?? true,
    subject: settings.subject ?? subjectOf(settings.email),
  };
}

/** The claims each scope opens, in the ID token and at the userinfo endpoint. @see OpenID Connect Core §5.4 */
export const claimsByScope: Readonly<Record<string, readonly string[]>> = {
  openid: ['sub'],
  email: ['email', 'email_verified'],
  profile: ['name', 'preferred_username', 'groups'],
};

/** Everything the provider can say about an account. */
export function accountClaims(account: Account): { sub: string; [claim: string]: unknown } {
  return {
    sub: account.subject,
    email: account.email,
    email_verified: account.emailVerified,
    name: account.name,
    preferred_username: account.email,
    groups: account.groups,
  };
}

/** What the provider says about an account to a client that was granted these scopes. */
export function scopedClaims(account: Account, scopes: readonly string[]): Record<string, unknown> {
  const opened = new Set(scopes.flatMap((scope) => claimsByScope[scope] ?? []));
  return Object.fromEntries(Object.entries(accountClaims(account)).filter(([claim]) => opened.has(claim)));
}

function subjectOf(email: string): string {
  const hex = createHash('sha256').update(`nmp-dev-idp:${email.toLowerCase()}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
