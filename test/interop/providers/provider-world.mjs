import { deepEqual, equal } from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { nemo } from '../../../scripts/quickstart/nemo.mjs';
import { freePort } from '../../../scripts/quickstart/ports.mjs';
import { untilReady } from '../../../scripts/quickstart/ready.mjs';
import { Service } from '../../../scripts/quickstart/service.mjs';
import { startBrowserLogin, startLogin } from '../start-login.mjs';

const readyWithinMs = 90_000;
const workspaces = '/apis/entities/v2/workspaces';

/** A platform that trusts a provider, and somebody who uses it by the command line and in the browser. */
export class ProviderWorld {
  #service;
  #configFile;

  constructor({ provider, browser, directory, service, url }) {
    this.provider = provider;
    this.browser = browser;
    this.url = url;
    this.#service = service;
    this.#configFile = join(directory, 'cli.yaml');
  }

  /**
   * Starts the built platform with the settings that the provider's page names; only its clock is stricter, and it asks
   * for new keys sooner, so that nobody has to wait.
   */
  static async start({ provider, browser, directory, platformConfig = provider.platformConfig }) {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const configFile = join(directory, 'platform.yaml');
    writeFileSync(configFile, platformConfig);
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('NMP_'));
    const env = {
      ...Object.fromEntries(inherited),
      ...provider.platformEnvironment,
      NMP_CONFIG_FILE_PATH: configFile,
      NMP_DATA_DIR: 'memory://',
      NMP_SERVER_PORT: String(port),
      NMP_PUBLIC_URL: url,
      NMP_AUTH_CLOCK_TOLERANCE_SECONDS: '0',
      NMP_AUTH_JWKS_COOLDOWN_SECONDS: '1',
    };
    const logFile = join(directory, 'platform.log');
    const service = new Service({ name: 'platform', args: ['dist/main.js'], env, logFile });
    try {
      await untilReady(service, `${url}/health/ready`, readyWithinMs);
    } catch (error) {
      await service.stop();
      throw error;
    }
    return new ProviderWorld({ provider, browser, directory, service, url });
  }

  async stop() {
    await this.#service.stop();
  }

  offers(step) {
    return this.provider.notOffered[step] === undefined;
  }

  /** Runs the command line program. */
  async nemo(args, { input } = {}) {
    return nemo(args, { ...this.#command, input });
  }

  /** Runs the command line program, which must succeed, and reads what it prints as data. */
  async data(...args) {
    const { code, stdout, stderr } = await this.nemo([...args, '-f', 'json']);
    equal(code, 0, `nemo ${args.join(' ')}: exit code ${code}\n${stdout}${stderr}`);
    return JSON.parse(stdout);
  }

  async signInByDevice(...args) {
    const { browser, provider, url } = this;
    const stuck = new AbortController();
    const login = startLogin({ platformUrl: url, ...this.#command, args, signal: stuck.signal });
    // Looked at only once the person is through.
    login.result.catch(() => {});
    const { url: plainUrl, completeUrl = plainUrl, userCode } = await login.prompt;
    await browser.forget();
    const page = await browser.open(completeUrl);
    try {
      await provider.approve(page, provider.account, userCode);
    } catch (error) {
      stuck.abort();
      await browser.picture(page, `${provider.constructor.name}-stuck`);
      throw new Error(`${page.url()}: ${error.message}\n${await page.innerText('body')}`, { cause: error });
    } finally {
      await page.close();
    }
    return succeeded(await login.result);
  }

  /** Signs in with the browser of this machine: the provider's page leads back to the command. */
  async signInByBrowser(...args) {
    const { browser, provider, url } = this;
    const login = startBrowserLogin({ platformUrl: url, ...this.#command, args });
    await provider.consent(await browser.open(await login.page));
    return succeeded(await login.result);
  }

  async signInByPassword({ password = this.provider.account.password, args = [] } = {}) {
    const { login } = this.provider.account;
    const command = ['auth', 'login', '--base-url', this.url, '--username', login, '--password-stdin', ...args];
    return this.nemo(command, { input: `${password}\n` });
  }

  /** Keeps a token that the provider gave to a program in another way. */
  async signInWithToken(token) {
    return succeeded(await this.nemo(['auth', 'login', '--base-url', this.url, '--with-token'], { input: token }));
  }

  /** Signs in the quickest way there is. */
  async signIn(...args) {
    if (this.offers('signing in with a password')) return succeeded(await this.signInByPassword({ args }));
    if (this.offers('signing in by device flow')) return this.signInByDevice(...args);
    if (this.provider.consent !== undefined) return this.signInByBrowser(...args);
    return this.signInWithToken(this.provider.issueToken());
  }

  /** Signs in unless somebody is signed in. */
  async beSignedIn() {
    if (this.tokens().access === undefined) await this.signIn();
  }

  /** The tokens as they are stored. */
  tokens() {
    const { users } = existsSync(this.#configFile) ? parse(readFileSync(this.#configFile, 'utf8')) : { users: [] };
    const { token, refresh_token: refresh } = users.find((user) => user.token !== undefined) ?? {};
    return { access: token, refresh };
  }

  /** Tries a refresh token at the provider, as somebody who had a copy of it would. */
  async tryRefreshToken(token) {
    const { client = { client_id: 'nmp-cli' }, fetch: fetchThere = fetch } = this.provider;
    const { token_endpoint: endpoint } = await this.providerDocument();
    const body = new URLSearchParams({ grant_type: 'refresh_token', ...client, refresh_token: token });
    const answer = await fetchThere(endpoint, { method: 'POST', body });
    return { status: answer.status, body: await answer.json() };
  }

  async providerDocument() {
    const { fetch: fetchThere = fetch, issuer } = this.provider;
    const answer = await fetchThere(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    return answer.json();
  }

  /** Calls the platform's API. */
  async api(path, { token, method = 'GET', body } = {}) {
    const headers = {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const answer = await fetch(this.url + path, { method, headers, body: body && JSON.stringify(body) });
    return { status: answer.status, headers: answer.headers, body: await answer.json() };
  }

  async whoami(token) {
    return this.api('/apis/auth/v2/whoami', { token });
  }

  /** The platform takes a token, unless it is one that only the provider can read. */
  async isAccepted(token) {
    const { refused } = this.provider;
    const { status, body } = await this.whoami(token);
    deepEqual({ status, code: body.code }, refused ? { status: 401, code: refused } : { status: 200, code: undefined });
  }

  async createWorkspace(name, token) {
    return this.api(workspaces, { token, method: 'POST', body: { name } });
  }

  get #command() {
    return { configFile: this.#configFile, env: this.provider.commandEnvironment };
  }
}

function succeeded({ code, stdout, stderr }) {
  equal(code, 0, stdout + stderr);
  return stderr + stdout;
}
