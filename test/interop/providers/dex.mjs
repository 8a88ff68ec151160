import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dexVersion, findDex } from '../../../scripts/providers/dex.mjs';
import { ServerProcess } from '../../../scripts/process/server-process.mjs';
import { findPostgres, PostgresServer } from '../postgres-server.mjs';
import { guideBlocks } from './guide.mjs';

const startsWithinMs = 60_000;

/** A Dex that is set up as its page says. */
export class Dex {
  static name = 'dex';
  static version = dexVersion;

  /** It keeps its state in a database. */
  static async find() {
    const postgres = findPostgres();
    return postgres.problem ? postgres : { ...(await findDex()), ...postgres };
  }

  account = {
    login: 'alice@example.com',
    password: 'alice-password',
    email: 'alice@example.com',
    groups: ['team-ml'],
  };
  notOffered = {
    'an ID token is refused': 'nothing in its tokens tells the two kinds apart',
    'scopes that were granted': 'it knows no scopes but its own',
    'a scope that is missing': 'it knows no scopes but its own',
    'signing out revokes the tokens': 'it has no revocation endpoint',
  };
  /** What the header of its access tokens says they are. */
  tokenType = undefined;
  /** What `nemo auth doctor` has to say of it. */
  findings = { warnings: ['sign-out'] };
  /** What it answers to a refresh token that is no longer good; others say invalid_grant. */
  staleRefreshToken = { error: 'invalid_request' };
  #dex;
  #bin;
  #database;
  #directory;
  #config;
  #server;

  /**
   * @param {{ dex: string, bin: string }} found the program, and the folder of PostgreSQL's
   * @param {{ directory: string, port: number }} place
   */
  constructor({ dex, bin }, { directory, port }) {
    const blocks = guideBlocks('dex', (text) => text.replaceAll('127.0.0.1:5556', `127.0.0.1:${port}`));
    const [config, platform] = blocks('yaml');
    this.#dex = dex;
    this.#bin = bin;
    this.#directory = directory;
    this.#config = config.replace('keysRotationPeriod: 6h', 'keysRotationPeriod: 1ms');
    this.issuer = `http://127.0.0.1:${port}/dex`;
    this.platformConfig = platform;
  }

  async start() {
    if (this.#database === undefined) {
      this.#database = await PostgresServer.start(this.#bin);
      const { port, username } = new URL(this.#database.url);
      const names = { port, database: 'postgres', user: username };
      for (const [name, value] of Object.entries(names)) {
        this.#config = this.#config.replace(new RegExp(`^    ${name}: .*`, 'm'), `    ${name}: ${value}`);
      }
    }
    await this.#serve();
  }

  async stop() {
    await this.#server?.stop();
    this.#server = undefined;
  }

  /** Ends for good what outlives a stop. */
  async close() {
    await this.stop();
    await this.#database?.stop();
  }

  /** Goes through its pages as a person does. */
  async approve(page, { login, password }) {
    await page.locator('#submit-login').click();
    await page.locator('#login').fill(login);
    await page.locator('#password').fill(password);
    await page.locator('#submit-login').click();
    await page.getByText('Login Successful').waitFor();
  }

  /** When it starts, it makes new keys if the time of the old ones is over. */
  async rotateKeys() {
    await this.stop();
    await this.#serve();
  }

  async setTokenLife(seconds) {
    this.#config = this.#config.replace(/idTokens: \w+/, `idTokens: ${seconds}s`);
    await this.rotateKeys();
  }

  async #serve() {
    writeFileSync(join(this.#directory, 'dex.yaml'), this.#config);
    this.#server = await ServerProcess.start({
      command: this.#dex,
      args: ['serve', 'dex.yaml'],
      cwd: this.#directory,
      logFile: join(this.#directory, 'dex.log'),
      readyUrl: `${this.issuer}/.well-known/openid-configuration`,
      readyWithinMs: startsWithinMs,
    });
  }
}
