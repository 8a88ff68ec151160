import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { StateStore } from './state-store.js';

/** What happens when something is used that was used before. */
export interface ReusePolicy {
  /** How long a replaced refresh token still works, for clients whose answer got lost. */
  readonly refreshReuseGraceSeconds: number;
  /** What the second of two simultaneous uses of a code or token is answered with. */
  readonly reuseError: () => Error;
}

/** What oidc-provider stores, kept in a `StateStore` under `Model:id`. */
export class StateAdapter implements Adapter {
  constructor(
    private readonly model: string,
    private readonly store: StateStore,
    private readonly policy: ReusePolicy,
  ) {}

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    const expiry = expiresIn === undefined ? {} : { expiresAt: nowInSeconds() + expiresIn };
    // A copy as JSON keeps it: in memory and on disk the same thing is found again.
    const copy = JSON.parse(JSON.stringify(payload)) as AdapterPayload;
    await this.store.set(this.#key(id), { payload: copy, ...expiry });
  }

  find(id: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve(this.#visible(this.store.get(this.#key(id))?.payload));
  }

  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve(this.#search((payload) => payload.uid === uid));
  }

  findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve(this.#search((payload) => payload.userCode === userCode));
  }

  async consume(id: string): Promise<void> {
    const entry = this.store.get(this.#key(id));
    if (entry === undefined) return;
    // The library looked before it came here; in between another request may have been faster.
    if (this.#visible(entry.payload)?.consumed !== undefined) throw this.policy.reuseError();
    const consumed = entry.payload.consumed ?? nowInSeconds();
    await this.store.set(this.#key(id), { ...entry, payload: { ...entry.payload, consumed } });
  }

  async destroy(id: string): Promise<void> {
    await this.store.delete([this.#key(id)]);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    const revoked = this.#own().filter(([, payload]) => payload.grantId === grantId);
    await this.store.delete(revoked.map(([key]) => key));
  }

  #search(matches: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    return this.#visible(this.#own().find(([, payload]) => matches(payload))?.[1]);
  }

  #own(): [string, AdapterPayload][] {
    return [...this.store.entries()]
      .filter(([key]) => key.startsWith(`${this.model}:`))
      .map(([key, { payload }]) => [key, payload]);
  }

  #visible(payload: AdapterPayload | undefined): AdapterPayload | undefined {
    if (typeof payload?.consumed !== 'number') return payload;
    // The library ends the sign-in whose code comes back. A device polls, so its code comes back when two polls cross or
    // an answer gets lost: it is refused, and ends nothing, when it names no grant. @see RFC 8628 §3.5
    if (this.model === 'DeviceCode') return { ...payload, grantId: undefined };
    if (this.model !== 'RefreshToken') return payload;
    const age = nowInSeconds() - payload.consumed;
    return age < this.policy.refreshReuseGraceSeconds ? { ...payload, consumed: undefined } : payload;
  }

  #key(id: string): string {
    return `${this.model}:${id}`;
  }
}

function nowInSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
