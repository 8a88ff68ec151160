import type { Algorithm, ConfirmationExpectations, ConfirmationMethod } from '@nmp/tokens';
import type { AuthModuleOptions } from './auth-options.js';
import type { ProofReplayStore } from './replay-store.js';

/** How proofs of DPoP are verified. */
export interface DpopConfig {
  readonly required: boolean;
  readonly algorithms: readonly Algorithm[];
  readonly proofMaxAgeSeconds: number;
  readonly nonce: { readonly secret: string | undefined; readonly lifeSeconds: number } | undefined;
  /** `undefined`: in memory. */
  readonly replayStore: ProofReplayStore | undefined;
}

/** Where client certificates are; the name of a header in small letters. */
export type MtlsConfig = { readonly source: 'connection' } | { readonly source: 'header'; readonly header: string };

export function dpopConfigOf({ dpop }: AuthModuleOptions): DpopConfig | undefined {
  if (dpop === undefined || dpop.enabled === false) return undefined;
  const { nonce } = dpop;
  return {
    required: dpop.required ?? false,
    algorithms: Object.freeze(dpop.algorithms ?? ['ES256', 'ES384', 'PS256', 'RS256']),
    proofMaxAgeSeconds: dpop.proofMaxAgeSeconds ?? 60,
    nonce: nonce && { secret: nonce.secret, lifeSeconds: nonce.lifeSeconds ?? 300 },
    replayStore: dpop.replayStore,
  };
}

export function mtlsConfigOf({ mtls }: AuthModuleOptions): MtlsConfig | undefined {
  if (mtls?.source !== 'header') return mtls && { source: 'connection' };
  return { source: 'header', header: (mtls.header ?? 'Client-Cert').toLowerCase() };
}

/** What keys the provider's tokens may, or must, be bound to. */
export function confirmationExpectationsOf(options: AuthModuleOptions): ConfirmationExpectations {
  const dpop = dpopConfigOf(options);
  const methods: ConfirmationMethod[] = [
    ...(dpop ? (['jkt'] as const) : []),
    ...(options.mtls ? (['x5t#S256'] as const) : []),
  ];
  return { methods: Object.freeze(methods), ...(dpop?.required && { required: 'jkt' }) };
}
