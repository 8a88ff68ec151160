import { type AccessTokenInput, ProofKey, type ProofInput } from '@nmp/auth/testing';
import type { Answer } from './answers.js';
import type { Asked, Stage, StageSetting } from './stage.js';

/** Tokens that are bound to a key are accepted. */
export const withDpop: StageSetting = { options: { dpop: {} } };

/** What clients call the root of the stage's application. */
export const rootUrl = 'https://api.example.com/notes/';

/** 401 `invalid_token` to a request under the DPoP scheme. */
export const invalidBound: Answer = {
  status: 401,
  code: 'token_claims',
  challenge: /^DPoP realm="nmp", error="invalid_token".* algs="ES256 ES384 PS256 RS256"/,
};

/** 401 `invalid_dpop_proof`. */
export const badProof: Answer = {
  status: 401,
  code: 'dpop_proof',
  challenge: /^DPoP realm="nmp", error="invalid_dpop_proof", error_description="Invalid DPoP proof: .* algs="ES256 /,
};

/** A client with a key, and a token that is bound to it. */
export class BoundClient {
  private constructor(
    readonly key: ProofKey,
    readonly token: string,
  ) {}

  static async of(stage: Stage, input: AccessTokenInput = {}, cnf: object = {}): Promise<BoundClient> {
    const key = await ProofKey.generate('ES256', stage.clock);
    const claims = { cnf: { jkt: key.thumbprint, ...cnf }, ...input.claims };
    return new BoundClient(key, await stage.token({ ...input, claims }));
  }

  proof(input: Partial<ProofInput> = {}): string {
    return this.key.proof({ url: rootUrl, token: this.token, ...input });
  }

  /** A request with the token and a proof: good, unless `input` says otherwise. */
  asked(input: Partial<ProofInput> = {}, more: Asked = {}): Asked {
    return this.askedWith([this.proof(input)], more);
  }

  /** A request with the token and these proofs, whatever they are. */
  askedWith(proofs: readonly string[], { lines = [], ...more }: Asked = {}): Asked {
    return {
      ...more,
      lines: [`Authorization: DPoP ${this.token}`, ...proofs.map((text) => `DPoP: ${text}`), ...lines],
    };
  }
}
