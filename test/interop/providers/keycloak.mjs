import { deepEqual, equal } from 'node:assert/strict';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../../scripts/process/run-command.mjs';
import { ServerProcess } from '../../../scripts/process/server-process.mjs';
import { succeed } from '../../../scripts/process/succeed.mjs';
import { findKeycloak, javaEnvironment, keycloakVersion } from '../../../scripts/providers/keycloak.mjs';
import { tryDocsPage } from '../docs-page.mjs';
import { guideBlocks } from './guide.mjs';
import { KeycloakAdmin } from './keycloak-admin.mjs';

const startsWithinMs = 180_000;

/** A Keycloak that is set up as its page says. */
export class Keycloak {
  static name = 'keycloak';
  static version = keycloakVersion;
  static find = findKeycloak;

  account = { login: 'alice', password: 'alice-password', email: 'alice@example.com', groups: ['team-ml'] };
  notOffered = {};
  /** What the header of its access tokens says they are. */
  tokenType = 'JWT';
  /** What `nemo auth doctor` has to say of it. */
  findings = { warnings: ['clock'] };
  /** The token tells the time when its answers do not. */
  findingsWithToken = {};
  #home;
  #blocks;
  #url;
  #server;
  #admin;

  /**
   * @param {{ home: string }} found
   * @param {{ directory: string, port: number }} place
   */
  constructor({ home }, { directory, port }) {
    this.#home = ownHome(home, directory);
    this.#url = `http://127.0.0.1:${port}`;
    const blocks = guideBlocks('keycloak', (text) => text.replaceAll('8180', String(port)));
    const [start, setUp, setUpJob, signInJob] = blocks('bash');
    const [realm, client, job] = blocks('json');
    const [platform, platformWithRoles] = blocks('yaml');
    this.#blocks = { start, setUp, realm, client, setUpJob, signInJob, job };
    this.issuer = `${this.#url}/realms/nmp`;
    this.platformConfig = platform;
    /** More ways to set the platform up, and what must come of it. */
    this.variants = [
      {
        name: 'realm roles as groups',
        platformConfig: platformWithRoles,
        check: async (world) => {
          await world.signIn();
          const { principal } = await world.data('auth', 'whoami');
          equal(principal.groups.includes('ml-engineer'), true);
        },
      },
      { name: 'signing in at /docs', platformConfig: platform, check: (world) => this.#signInAtDocs(world) },
      { name: 'a job with a service account', platformConfig: platform, check: (world) => this.#jobSignsIn(world) },
    ];
  }

  async start() {
    // The shell gives way to the program, so that this is the process that is told to end.
    const script = this.#blocks.start.replace(/^bin\//m, 'exec bin/');
    this.#server = await ServerProcess.start({
      command: 'bash',
      args: ['-euo', 'pipefail', '-c', script],
      cwd: this.#home,
      env: { ...process.env, ...javaEnvironment },
      logFile: join(this.#home, 'keycloak.log'),
      readyUrl: `${this.#url}/realms/master`,
      readyWithinMs: startsWithinMs,
    });
    if (this.#admin === undefined) await this.#setUp();
  }

  async stop() {
    await this.#server?.stop();
    this.#server = undefined;
  }

  async close() {
    await this.stop();
  }

  /** Goes through its pages as a person does. */
  async approve(page, { login, password }) {
    await page.locator('#username').fill(login);
    await page.locator('#password').fill(password);
    await page.locator('#kc-login').click();
    await page.getByRole('button', { name: 'Yes' }).click();
    await page.getByText('Device Login Successful').waitFor();
  }

  async rotateKeys() {
    await this.#admin.addKey();
  }

  async setTokenLife(seconds) {
    await this.#admin.changeRealm({ accessTokenLifespan: seconds });
  }

  async #setUp() {
    const { realm, client, setUp } = this.#blocks;
    await this.#run(setUp, { 'realm.json': realm, 'client.json': client });
    this.#admin = new KeycloakAdmin(this.#url, { username: 'admin', password: 'admin-password' });
  }

  /** The page's address is the platform's: here it has another port each time. */
  async #signInAtDocs({ browser, url }) {
    const { redirectUris, webOrigins } = JSON.parse(this.#blocks.client.replaceAll('http://localhost:8080', url));
    await this.#admin.changeClient('nmp-cli', { redirectUris, webOrigins });
    const { login, password, email } = this.account;
    const signIn = async (page) => {
      await page.locator('#username').fill(login);
      await page.locator('#password').fill(password);
      await page.locator('#kc-login').click();
    };
    await tryDocsPage({ browser, url, name: 'keycloak-docs', email, signIn });
  }

  async #jobSignsIn(world) {
    const { job, setUpJob, signInJob } = this.#blocks;
    await this.#run(setUpJob, { 'job.json': job });
    const [, login] = /nemo (auth login .+)$/m.exec(signInJob);
    const input = JSON.parse(job).secret;
    const { code, stderr } = await world.nemo([...login.split(' '), '--base-url', world.url], { input });
    equal(code, 0, stderr);
    const { principal, scopes } = await world.data('auth', 'whoami');
    const { kind, client_id: client, email, groups } = principal;
    deepEqual({ kind, client, email, groups }, { kind: 'client', client: 'nmp-job', email: null, groups: [] });
    deepEqual(
      scopes.filter((scope) => scope.startsWith('platform:')),
      ['platform:read'],
    );
    equal((await world.createWorkspace('of-a-job', world.tokens().access)).status, 403);
  }

  async #run(script, files) {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(this.#home, name), text);
    const args = ['-euo', 'pipefail', '-c', script];
    await succeed(runCommand('bash', args, { cwd: this.#home, capture: true }));
  }
}

/** A home with data of its own; the programs are those of the distribution. */
function ownHome(distribution, directory) {
  const home = join(directory, 'keycloak');
  mkdirSync(join(home, 'providers'), { recursive: true });
  for (const name of ['bin', 'conf']) cpSync(join(distribution, name), join(home, name), { recursive: true });
  for (const name of ['lib', 'themes']) symlinkSync(join(distribution, name), join(home, name));
  return home;
}
