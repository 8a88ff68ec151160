import type { AuthModuleOptions, InvalidTokenReason } from '@nmp/auth';
import { invalid } from '../answers.js';
import type { Row } from '../prove.js';
import type { Stage } from '../stage.js';

const secret = 'the-secret-of-nmp-api';

/** Asks the issuer about tokens that are no JWT. */
export const introspecting: Partial<AuthModuleOptions> = {
  oidc: { introspectOpaqueTokens: true, introspectionClientId: 'nmp-api', introspectionClientSecret: secret },
};

/** A good answer, with whatever is odd about it. */
export function answerOf(stage: Stage, odd: object = {}): object {
  const { now, issuer } = stage;
  const good = { active: true, token_type: 'Bearer', iss: issuer.issuer, sub: 'user-1', aud: 'nmp-cli' };
  return { ...good, client_id: 'nmp-cli', iat: now - 10, exp: now + 300, ...odd };
}

let told = 0;

/** A token of which the issuer says exactly this. */
export function toldToken(stage: Stage, answer: unknown): string {
  const token = `told.${String(told++).padStart(20, '0')}`;
  stage.issuer.tell(token, answer);
  return token;
}

const setting = { options: introspecting };
const neighbour = (stage: Stage): string => stage.issuer.opaqueToken();

/** Answers that do not say that the token is active. */
const inactive: [string, (stage: Stage) => unknown][] = [
  ['active is false', () => ({ active: false })],
  ['active is false, beside good claims', (stage) => answerOf(stage, { active: false })],
  ['active is missing', (stage) => answerOf(stage, { active: undefined })],
  ['active is the text "true"', (stage) => answerOf(stage, { active: 'true' })],
  ['active is 1', (stage) => answerOf(stage, { active: 1 })],
  ['active is null', (stage) => answerOf(stage, { active: null })],
  ['active is an object', (stage) => answerOf(stage, { active: { value: true } })],
  ['nothing at all', () => ({})],
];

/** Active tokens that are none of ours, or none any more. */
const unfit: [string, InvalidTokenReason, (stage: Stage) => object, ((stage: Stage) => object)?][] = [
  ['another issuer', 'issuer', () => ({ iss: 'https://other.example.com' })],
  ['the issuer with a slash', 'issuer', ({ issuer }) => ({ iss: `${issuer.issuer}/` })],
  ['an issuer that is no text', 'issuer', () => ({ iss: ['x'] })],
  ['another audience', 'audience', () => ({ aud: 'billing' }), () => ({ aud: ['billing', 'nmp-cli'] })],
  ['no audience', 'audience', () => ({ aud: undefined })],
  ['an audience that is null', 'audience', () => ({ aud: null })],
  ['the audience as part of another', 'audience', () => ({ aud: 'nmp-cli-2' })],
  ['an end that is past', 'expired', ({ now }) => ({ exp: now - 31 }), ({ now }) => ({ exp: now - 29 })],
  ['a beginning to come', 'not_yet_valid', ({ now }) => ({ nbf: now + 31 }), ({ now }) => ({ nbf: now + 29 })],
  ['a time of issue to come', 'not_yet_valid', ({ now }) => ({ iat: now + 31 })],
  ['an end that is a text', 'claims', ({ now }) => ({ exp: String(now + 300) })],
  ['no subject', 'claims', () => ({ sub: undefined, username: 'user-1' })],
  ['the subject of a service', 'claims', () => ({ sub: 'service:jobs' })],
  ['no kind: it may be a refresh token', 'type', () => ({ token_type: undefined })],
  ['another kind', 'type', () => ({ token_type: 'refresh_token' })],
  ['the use of a refresh token', 'type', () => ({ token_use: 'refresh_token' }), () => ({ token_use: 'access_token' })],
  ['the type of a refresh token', 'type', () => ({ typ: 'Refresh' }), () => ({ typ: 'Bearer', token_type: undefined })],
  ['a DPoP token without its key', 'claims', () => ({ token_type: 'DPoP' })],
];

/** What the introspection endpoint says of a token. */
export const introspectionAnswerRows: Row[] = [
  ...inactive.map(([what, answer]): Row => ({
    id: 'I01',
    what,
    setting,
    attack: (stage) => toldToken(stage, answer(stage)),
    answer: invalid('inactive'),
    neighbour,
  })),
  ...unfit.map(([what, reason, odd, legal]): Row => ({
    id: 'I03',
    what: `an active token of ${what}`,
    setting,
    attack: (stage) => toldToken(stage, answerOf(stage, odd(stage))),
    answer: invalid(reason),
    neighbour: (stage) => toldToken(stage, answerOf(stage, legal?.(stage))),
  })),
  {
    id: 'I04',
    what: 'a remembered answer beyond the end of the token, without any tolerance',
    setting: { options: { ...introspecting, oidc: { ...introspecting.oidc, opaqueTokenCacheSeconds: 3600 } } },
    apart: true,
    attack: async (stage) => {
      const token = stage.issuer.opaqueToken({ expiresInSeconds: 60 });
      await stage.expect(token, { status: 200 });
      stage.clock.advance(60);
      return token;
    },
    answer: invalid('inactive'),
    neighbour: async (stage) => {
      const token = stage.issuer.opaqueToken({ expiresInSeconds: 60 });
      await stage.expect(token, { status: 200 });
      stage.issuer.introspection.fail({ status: 500 });
      stage.clock.advance(59);
      return token;
    },
  },
  {
    id: 'I04',
    what: 'a remembered answer after the time that is configured',
    setting: { options: introspecting },
    apart: true,
    attack: async (stage) => {
      const token = stage.issuer.opaqueToken();
      await stage.expect(token, { status: 200 });
      stage.issuer.revokeOpaqueToken(token);
      stage.clock.advance(60);
      return token;
    },
    answer: invalid('inactive'),
    neighbour: async (stage) => {
      const token = stage.issuer.opaqueToken();
      await stage.expect(token, { status: 200 });
      stage.issuer.revokeOpaqueToken(token);
      stage.clock.advance(59);
      return token;
    },
  },
];
