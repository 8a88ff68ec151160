import { deepEqual, equal } from 'node:assert/strict';
import { stringify } from 'yaml';
import { FormPages } from './form-pages.mjs';
import { Internet } from './internet.mjs';
import { Mint } from './mint.mjs';
import { AuthorizationServer } from './authorization-server.mjs';
import { fixtureOf, tableOf } from './recorded.mjs';

const endpoints = ['token_endpoint', 'device_authorization_endpoint', 'revocation_endpoint', 'authorization_endpoint'];
const discoveryPath = '.well-known/openid-configuration';

/**
 * A provider of which there is no server to be had: documents, keys, tokens and answers are those that were recorded of it,
 * hosts have the provider's own names, and what is special about it stands in its table.
 */
export class SimulatedProvider {
  /** What the contract asks of a provider: see there. */
  tokenType;
  findings;
  findingsWithToken;
  notOffered;
  keepsRefreshToken;
  #table;
  #fixture;
  #mint;
  #server;
  #routes = new Map();
  #internet;

  constructor(table, mint) {
    this.#table = table;
    this.#mint = mint;
    this.#fixture = fixtureOf(table.token);
    this.#server = new AuthorizationServer({ table, mint });
    const { config, expected, access_token_header: header, access_token_claims: claims } = this.#fixture;
    const { email, groups } = expected.principal ?? {};
    const isOpaque = claims === null || table.opaque_token !== undefined;
    // What `nemo` reads of a token to say who signed in; it does not know what the platform is told to read.
    const shownAs = isOpaque ? null : (claims.upn ?? claims.email ?? claims.preferred_username ?? null);
    this.issuer = config.issuer;
    this.account = { ...table.account, email: email ?? undefined, shownAs, groups };
    this.tokenType = isOpaque ? 'opaque' : header.typ;
    this.refused = table.refused;
    this.findings = table.doctor ?? {};
    this.findingsWithToken = table.doctor_with_token ?? this.findings;
    this.notOffered = table.not_offered ?? {};
    this.endpoints = table.platform ?? {};
    this.keepsRefreshToken = table.refresh_tokens?.after_refresh !== 'new';
    this.staleRefreshToken = this.#server.deadRefreshToken;
    this.revokedRefreshToken = this.#server.deadRefreshToken;
    this.client = {
      client_id: config.client_id,
      ...(table.client_secret !== undefined && { client_secret: table.client_secret }),
    };
    this.platformConfig = platformConfig(config, table.platform);
    const hasPages = this.#document.authorization_endpoint !== undefined && table.signs_people_in !== false;
    if (hasPages) this.consent = (page) => page.submit();
  }

  /**
   * @param {string} name of the table
   * @param {string} directory for its certificate
   */
  static async start(name, directory) {
    const table = tableOf(name);
    const provider = new SimulatedProvider(table, await Mint.start(kidOf(fixtureOf(table.token))));
    provider.#plan();
    provider.#internet = await Internet.start({
      hosts: [...new Set([...provider.#routes.keys()].map((url) => new URL(url).host))],
      directory,
      answer: (request) => provider.#answer(request),
    });
    return provider;
  }

  get platformEnvironment() {
    return this.#internet.serviceEnvironment;
  }

  get commandEnvironment() {
    const { client_secret: secret } = this.client;
    return { ...this.#internet.commandEnvironment, ...(secret !== undefined && { NMP_OIDC_CLIENT_SECRET: secret }) };
  }

  get fetch() {
    return this.#internet.fetch;
  }

  /** Where its pages are looked at. */
  get browser() {
    return new FormPages(this.fetch);
  }

  /** Hosts beside its own that somebody asked for. */
  get strangers() {
    return this.#internet.strangers;
  }

  /** Other tokens that it can issue, each with the settings that belong to it, and what must come of them. */
  get variants() {
    const others = (this.#table.variants ?? []).map((variant) => {
      const { config, expected } = fixtureOf(variant.token);
      return {
        name: variant.refused === undefined ? variant.name : `${variant.name}: refused`,
        platformConfig: platformConfig(config, { ...this.#table.platform, ...variant.platform }),
        check: (world) => this.#checkVariant(world, variant, expected.principal),
      };
    });
    return this.consent === undefined ? others : [this.#browserVariant, ...others];
  }

  async approve(page, _account, userCode) {
    await page.submit({ user_code: userCode });
  }

  issueToken() {
    return this.#server.issueToken();
  }

  endSessions() {
    this.#server.endSessions();
  }

  async rotateKeys() {
    await this.#mint.rotateKeys();
  }

  setTokenLife(seconds) {
    this.#server.lifeSeconds = seconds;
  }

  stop() {
    this.#internet.goDown();
  }

  start() {
    this.#internet.comeBack();
  }

  async close() {
    await this.#internet.close();
    await this.#mint.close();
  }

  get #document() {
    return { ...this.#fixture.discovery.document, ...this.#table.platform };
  }

  get #browserVariant() {
    return {
      name: 'signing in with the browser of the machine',
      platformConfig: this.platformConfig,
      check: async (world) => {
        this.#server.tokenLike = this.#table.token;
        await world.signInByBrowser();
        await world.isAccepted(world.tokens().access);
      },
    };
  }

  async #checkVariant(world, { token, refused, overage = false }, principal) {
    this.#server.tokenLike = token;
    if (refused !== undefined) {
      const { status, body } = await world.whoami(this.issueToken());
      deepEqual({ status, code: body.code }, { status: 401, code: refused });
      return;
    }
    await world.signIn();
    const { principal: seen, scopes } = await world.data('auth', 'whoami');
    const { id, email, groups } = seen;
    deepEqual({ id, email: email ?? null, groups, scopes }, principal);
    equal(seen.groups_overage, overage);
  }

  /** Which address leads to what. */
  #plan() {
    const { token, variants = [], documents = [] } = this.#table;
    const recorded = [token, ...variants.map((variant) => variant.token)].map(fixtureOf);
    for (const { discovery, jwks_key_fields: members } of recorded) {
      if (discovery !== null) this.#publish(discovery.url, discovery.document, members);
    }
    for (const { issuer, jwks_uri: jwksUri, jwks_key_fields: members } of documents) {
      this.#publish(`${issuer.replace(/\/$/, '')}/${discoveryPath}`, { issuer, jwks_uri: jwksUri }, members);
    }
    for (const name of endpoints) this.#route(this.#document[name], (request) => this.#server.answer(name, request));
    this.#route(this.#server.devicePage, (request) => this.#server.answer('device_page', request));
  }

  #publish(url, document, members) {
    this.#route(url, () => ({ json: document }));
    this.#route(document.jwks_uri, async () => ({ json: await this.#mint.keySet(members, document.issuer) }));
    for (const name of endpoints) this.#route(document[name], (request) => this.#server.answer(name, request));
  }

  #route(url, answer) {
    if (url !== undefined && !this.#routes.has(url)) this.#routes.set(url, answer);
  }

  #answer(request) {
    const { origin, pathname } = request.url;
    const answer = this.#routes.get(origin + pathname) ?? this.#routes.get(origin);
    equal(typeof answer, 'function', `${request.method} ${origin}${pathname} is not part of ${this.#table.title}`);
    return answer(request);
  }
}

function kidOf({ access_token_header: header, signing }) {
  return header !== null && signing.kid_in_primary_jwks ? header.kid : 'a-key';
}

/** The settings that belong to a recorded token, in the platform's file. */
function platformConfig(config, more = {}) {
  const { audience, overrides, ...rest } = config;
  const known = Object.entries({
    ...rest,
    ...overrides,
    ...(audience === null ? { verify_audience: false } : { audience }),
  });
  const oidc = { ...Object.fromEntries(known.filter(([, value]) => value !== null)), ...more };
  return stringify({ auth: { admin_email: 'admin@example.com', oidc } });
}
