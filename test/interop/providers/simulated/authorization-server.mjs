import { createHash } from 'node:crypto';
import { answersIn, fixtureOf } from './recorded.mjs';

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/**
 * @typedef {object} Grant what somebody has been granted
 * @property {Record<string, string>} form of the request it began with
 * @property {readonly string[]} scopes
 */

/** The endpoints of a provider: they answer as it was recorded, and remember what they gave. */
export class AuthorizationServer {
  /** What access tokens are like: the name of a recorded one. */
  tokenLike;
  lifeSeconds;
  #table;
  #config;
  #mint;
  #answers;
  #codes = [];
  #refreshTokens = new Map();
  #given = 0;

  constructor({ table, mint }) {
    this.#table = table;
    this.#mint = mint;
    this.#config = fixtureOf(table.token).config;
    this.#answers = recordedAnswers(table.answers ?? {});
    this.tokenLike = table.token;
  }

  /** What it says of a refresh token that is no longer good. */
  get deadRefreshToken() {
    const { status, json } = this.#answers.deadRefreshToken;
    return { status, error: json.error };
  }

  /** The page on which people enter the codes of their devices. */
  get devicePage() {
    const { json = {} } = this.#answers.device ?? {};
    return json.verification_uri ?? json.verification_url;
  }

  /** A token that a program gets in another way than by signing in. */
  issueToken() {
    return this.#accessToken({ form: this.#table.platform?.login_parameters ?? {}, scopes: undefined });
  }

  /** All refresh tokens are dead from now on. */
  endSessions() {
    this.#refreshTokens.clear();
  }

  /** @returns {import('./internet.mjs').Answer} */
  answer(endpoint, { method, url, form }) {
    if (endpoint === 'authorization_endpoint') return this.#authorize(method, url);
    if (endpoint === 'device_page') return this.#enterCode(method, url, form);
    if (form.client_id !== this.#config.client_id) return refusal('invalid_client', 401);
    if (endpoint === 'device_authorization_endpoint') return this.#startDevice(form);
    if (endpoint === 'revocation_endpoint') return this.#revoke(form);
    const { client_secret: secret } = this.#table;
    if (secret !== undefined && form.client_secret !== secret) return this.#answers.secretMissing;
    return this.#token(form);
  }

  #startDevice(form) {
    const { json, ...rest } = this.#answers.device;
    const code = this.#remember({ value: this.#unique(json.device_code), form, isApproved: false });
    // Nobody waits longer than they must.
    return { ...rest, json: { ...json, device_code: code, interval: 1 } };
  }

  #enterCode(method, url, form) {
    const { user_code: expected } = this.#answers.device.json;
    if (method === 'GET') return page(`<input name="user_code" value="${url.searchParams.get('user_code') ?? ''}">`);
    if (form.user_code !== expected) return page('<p>There is no such code</p>', 400);
    this.#codes[0].isApproved = true;
    return page('<p>Signed in</p>');
  }

  #authorize(method, { searchParams }) {
    if (method === 'GET') return page('<p>Let nemo in?</p>');
    const asked = Object.fromEntries(searchParams);
    const code = this.#remember({ value: this.#unique('code'), form: asked, isApproved: true });
    const target = new URL(asked.redirect_uri);
    target.search = new URLSearchParams({
      code,
      state: asked.state,
      ...(this.#document.authorization_response_iss_parameter_supported && { iss: this.#document.issuer }),
    });
    return { status: 302, headers: { location: target.href } };
  }

  #token(form) {
    if (form.grant_type === 'password') return this.#byPassword(form);
    if (form.grant_type === 'refresh_token') return this.#byRefreshToken(form);
    const isDevice = form.grant_type === deviceGrant;
    const code = this.#codes.find(({ value }) => value === (isDevice ? form.device_code : form.code));
    if (code === undefined || (!isDevice && !proves(form.code_verifier, code.form))) return refusal('invalid_grant');
    if (!code.isApproved) return this.#answers.pending;
    this.#codes.splice(this.#codes.indexOf(code), 1);
    return this.#tokens(grantOf(code.form), this.#newRefreshToken(grantOf(code.form)));
  }

  #byPassword(form) {
    const { login, password } = this.#table.account;
    if (form.username !== login || form.password !== password) return this.#answers.wrongPassword;
    return this.#tokens(grantOf(form), this.#newRefreshToken(grantOf(form)));
  }

  #byRefreshToken({ refresh_token: token }) {
    const grant = this.#refreshTokens.get(token);
    if (grant === undefined) return this.#answers.deadRefreshToken;
    const { after_refresh: after, old_one: old } = this.#table.refresh_tokens;
    if (after === 'new' && old === 'dead') this.#refreshTokens.delete(token);
    return this.#tokens(grant, { new: () => this.#newRefreshToken(grant), same: () => token, none: () => {} }[after]());
  }

  #revoke({ token }) {
    this.#refreshTokens.delete(token);
    return this.#table.answers.revoked ?? { status: 200 };
  }

  #tokens(grant, refreshToken) {
    const { json, ...rest } = this.#answers.tokens;
    const keeps = this.#keepsScope(grant);
    return {
      ...rest,
      json: {
        ...json,
        access_token: this.#accessToken(grant),
        ...(json.id_token !== undefined && { id_token: this.#idToken() }),
        ...(json.scope !== undefined && { scope: json.scope.split(' ').filter(keeps).join(' ') }),
        ...(this.lifeSeconds !== undefined && { expires_in: this.lifeSeconds }),
        refresh_token: refreshToken,
      },
    };
  }

  #accessToken(grant) {
    const { lifeSeconds } = this;
    const missing = Object.keys(this.#table.opaque_without ?? {}).find((name) => grant.form[name] === undefined);
    const like = missing === undefined ? this.tokenLike : this.#table.opaque_without[missing];
    const { opaque_token: opaque } = this.#table;
    const recorded = opaque === undefined ? fixtureOf(like) : { access_token_raw: opaque };
    return this.#mint.token(recorded, { lifeSeconds, keepsScope: this.#keepsScope(grant) });
  }

  #idToken() {
    const { like, without = [], more = {} } = this.#table.id_token;
    const recorded = fixtureOf(like);
    const claims = { ...recorded.access_token_claims, ...more };
    for (const name of without) delete claims[name];
    return this.#mint.token({ ...recorded, access_token_claims: claims });
  }

  /** A platform scope is granted if it was asked for; the others are as they were recorded. */
  #keepsScope({ scopes }) {
    const bare = (scope) => scope.slice(scope.lastIndexOf('platform:'));
    return (scope) => scopes === undefined || !bare(scope).startsWith('platform:') || scopes.includes(bare(scope));
  }

  #newRefreshToken(grant) {
    if (this.#table.refresh_tokens === undefined) return undefined;
    const token = this.#unique('refresh-token');
    this.#refreshTokens.set(token, grant);
    return token;
  }

  #remember(code) {
    this.#codes.unshift(code);
    return code.value;
  }

  #unique(name) {
    this.#given += 1;
    return `${name}-${this.#given}`;
  }

  get #document() {
    return fixtureOf(this.#table.token).discovery.document;
  }
}

/** @returns {Grant} */
function grantOf(form) {
  const scopes = (form.scope ?? '').split(' ').map((scope) => scope.slice(Math.max(0, scope.lastIndexOf('platform:'))));
  return { form, scopes };
}

function recordedAnswers({ device, tokens = device, wrong_password: password, dead_refresh_token: dead, ...more }) {
  const find = (id, fits) => (id === undefined ? undefined : answersIn(id).find(fits));
  return {
    device: find(device, ({ json }) => json.device_code !== undefined),
    pending: find(device, ({ json }) => json.error === 'authorization_pending'),
    tokens: find(tokens, ({ json }) => json.access_token !== undefined),
    wrongPassword: find(password, () => true),
    deadRefreshToken: find(dead ?? 'generic-refresh-invalid-grant', () => true),
    secretMissing: find(more.secret_missing, ({ json }) => json.error !== undefined),
  };
}

/** @see RFC 7636 §4.6 */
function proves(verifier = '', { code_challenge: challenge }) {
  return createHash('sha256').update(verifier).digest('base64url') === challenge;
}

function refusal(error, status = 400) {
  return { status, json: { error } };
}

function page(content, status = 200) {
  const text = `<!doctype html><title>A provider</title><form method="post">${content}<button>Go on</button></form>`;
  return { status, headers: { 'content-type': 'text/html' }, text };
}
