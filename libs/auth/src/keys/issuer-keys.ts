import type { TokenKind } from '@nmp/tokens';
import type { KeySet, KeySetState } from './key-set.js';
import type { TrustedIssuers } from './trusted-issuers.js';

/** How it is with the keys of one trusted issuer. */
export interface IssuerKeysState extends KeySetState {
  /** As it is configured: with `{tenantid}` where it is a template, whose tenants share their keys. */
  readonly issuer: string;
  /** The kind of its tokens. */
  readonly kind: TokenKind;
}

/**
 * Tells how it is with the keys of the issuers, without asking them: for health checks and metrics.
 * @example
 * const isReady = issuerKeys.states().every(({ isUsable }) => isUsable);
 */
export class IssuerKeys {
  constructor(private readonly issuers: TrustedIssuers) {}

  /** One state for each key set, the main issuer's first. */
  states(): readonly IssuerKeysState[] {
    const states = new Map<KeySet, IssuerKeysState>();
    for (const { config, keys } of this.issuers.all) {
      const { source, kind } = config;
      if (!states.has(keys)) states.set(keys, { issuer: source.name, kind, ...keys.state() });
    }
    return [...states.values()];
  }

  /**
   * Asks those issuers for their keys of which none can be used, each once within its cool-down: while a service is not
   * ready, no token comes that would have them fetched. Never rejects.
   */
  async renewUnusable(): Promise<void> {
    await Promise.all([...new Set(this.issuers.all.map(({ keys }) => keys))].map((keys) => keys.renewUnusable()));
  }
}
