import { beforeAll, describe, expect, it } from '@jest/globals';
import { ProofKey } from '@nmp/auth/testing';
import type { DpopConfig } from '../possession-config.js';
import { DpopCheck } from './dpop-check.js';
import type { Evidence } from './evidence.js';

const clock = { now: () => new Date('2030-01-01T00:00:00Z') };
const token = 'an.access.token';
const url = 'https://api.example.com/notes';

describe('DpopCheck', () => {
  let key: ProofKey;

  beforeAll(async () => {
    key = await ProofKey.generate('ES256', clock);
  });

  const checkWith = (difference: Partial<DpopConfig> = {}): DpopCheck => {
    const dpop = {
      required: false,
      algorithms: ['ES256'],
      proofMaxAgeSeconds: 60,
      nonce: undefined,
      replayStore: undefined,
      ...difference,
    } as const;
    const config = { publicUrl: 'https://api.example.com', clockToleranceSeconds: 30, httpTimeoutMs: 1 };
    return new DpopCheck(dpop, config, clock, () => {});
  };
  const evidence = (difference: Partial<Evidence> = {}): Evidence => ({
    request: {},
    method: 'GET',
    target: '/notes?page=2',
    proofs: [key.proof({ url, token })],
    certificate: () => undefined,
    ...difference,
  });
  const codeOf = (checking: Promise<void>): Promise<unknown> =>
    checking.then(
      () => 'good',
      (error: { code?: unknown }) => error.code,
    );

  it('takes a proof once, and one request for one', async () => {
    const check = checkWith();
    const given = evidence();
    expect(await codeOf(check.check(given, token, key.thumbprint))).toBe('good');
    expect(await codeOf(check.check(given, token, key.thumbprint))).toBe('good');
    expect(await codeOf(check.check({ ...given, request: {} }, token, key.thumbprint))).toBe('dpop_proof');
  });

  it('does not take the verdict on one token for that on another', async () => {
    const check = checkWith();
    const given = evidence();
    expect(await codeOf(check.check(given, token, key.thumbprint))).toBe('good');
    expect(await codeOf(check.check(given, 'another', key.thumbprint))).toBe('dpop_proof');
  });

  it('waits for a store no longer than for anything else', async () => {
    const check = checkWith({ replayStore: { remember: () => new Promise<boolean>(() => {}) } });
    expect(await codeOf(check.check(evidence(), token, key.thumbprint))).toBe('issuer_unavailable');
  });

  it('remembers proofs as long as they are good, and no word of them', async () => {
    const told: unknown[] = [];
    const check = checkWith({ replayStore: { remember: (proof) => told.push(proof) > 0 } });
    const iat = clock.now().getTime() / 1000 - 20;
    const proofs = [key.proof({ url, token, claims: { jti: 'an id', iat } })];
    await check.check(evidence({ proofs }), token, key.thumbprint);
    expect(told).toEqual([{ thumbprint: key.thumbprint, id: expect.stringMatching(/^[\w-]{43}$/), keepSeconds: 41 }]);
  });

  it.each<[string, Partial<Evidence>, string]>([
    ['no method', { method: undefined }, 'token_claims'],
    ['no target', { target: undefined }, 'token_claims'],
    ['a target that has no path', { target: '*' }, 'dpop_proof'],
    ['a target with another path', { target: 'https://api.example.com/other' }, 'dpop_proof'],
    ['no proof', { proofs: [] }, 'dpop_proof'],
    ['two proofs', { proofs: ['a', 'b'] }, 'malformed_request'],
  ])('refuses a request with %s', async (_, difference, code) => {
    expect(await codeOf(checkWith().check(evidence(difference), token, key.thumbprint))).toBe(code);
  });
});
