import { createHash, timingSafeEqual } from 'node:crypto';
import type { Account, AccountSettings } from './account.js';
import { completeAccount } from './account.js';

/** The accounts of one provider, found by subject or by e-mail and password. */
export class AccountDirectory {
  readonly #bySubject: ReadonlyMap<string, Account>;
  readonly #byEmail: ReadonlyMap<string, Account>;

  constructor(settings: readonly AccountSettings[]) {
    const accounts = settings.map(completeAccount);
    this.#bySubject = new Map(accounts.map((account) => [account.subject, account]));
    this.#byEmail = new Map(accounts.map((account) => [account.email.toLowerCase(), account]));
  }

  /** The account with this `sub` claim. */
  find(subject: string): Account | undefined {
    return this.#bySubject.get(subject);
  }

  /** The account whose e-mail and password these are; capitals in the e-mail do not matter. */
  authenticate(login: string, password: string): Account | undefined {
    const account = this.#byEmail.get(login.trim().toLowerCase());
    return account !== undefined && sameSecret(account.password, password) ? account : undefined;
  }
}

function sameSecret(expected: string, actual: string): boolean {
  const digest = (value: string): Buffer => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(expected), digest(actual));
}
