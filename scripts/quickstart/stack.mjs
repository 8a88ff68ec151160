import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../process/root.mjs';
import { untilReady } from './ready.mjs';
import { Service } from './service.mjs';

const readyTimeoutMs = 90_000;

/** The two services of the quickstart: the identity provider and the platform. */
export class Stack {
  #startPlatform;
  #fail;
  #isStopping = false;

  /**
   * @param {Service} idp
   * @param {() => Service} startPlatform
   */
  constructor(idp, startPlatform, { platformUrl, idpUrl }) {
    this.#startPlatform = startPlatform;
    this.idp = idp;
    this.platform = startPlatform();
    this.platformUrl = platformUrl;
    this.idpUrl = idpUrl;
    /** Settles with a sentence when a service ends although nobody told it to. */
    this.failed = new Promise((resolve) => {
      this.#fail = resolve;
    });
    for (const service of [this.idp, this.platform]) this.#mind(service);
  }

  /**
   * Starts both from what was built and waits until they answer.
   *
   * @param {{ port: number, idpPort: number, dataDir: string, signal?: AbortSignal }} options
   * @throws {Error} when one of them does not come up; nothing is left running then
   */
  static async start({ port, idpPort, dataDir, signal }) {
    const platformUrl = `http://localhost:${port}`;
    const idpUrl = `http://localhost:${idpPort}`;
    for (const folder of ['platform', 'idp']) mkdirSync(join(dataDir, folder), { recursive: true, mode: 0o700 });

    const idp = new Service({
      name: 'identity provider',
      args: [
        'libs/dev-idp/dist/bin.js',
        '--port',
        String(idpPort),
        '--issuer',
        idpUrl,
        '--data-dir',
        join(dataDir, 'idp'),
      ],
      logFile: join(dataDir, 'idp.log'),
    });
    const startPlatform = () =>
      new Service({
        name: 'platform',
        args: ['dist/main.js'],
        env: platformEnvironment({ port, platformUrl, idpUrl, dataDir }),
        logFile: join(dataDir, 'platform.log'),
      });
    const stack = new Stack(idp, startPlatform, { platformUrl, idpUrl });
    const aborted = new Promise((_, reject) => {
      signal?.addEventListener('abort', () => reject(new Error('interrupted')), { once: true });
    });
    try {
      const ready = Promise.all([
        untilReady(idp, `${idpUrl}/.well-known/openid-configuration`, readyTimeoutMs),
        stack.#platformReady(),
      ]);
      await Promise.race([ready, aborted]);
    } catch (error) {
      await stack.stop();
      throw error;
    }
    return stack;
  }

  /**
   * Starts the platform anew from what is built now; the data stays, and the identity provider goes on.
   *
   * @throws {Error} when it does not come up; the stack has not failed then, another try may do better
   */
  async restartPlatform() {
    await this.platform.stop();
    if (this.#isStopping) return;
    this.platform = this.#startPlatform();
    try {
      await this.#platformReady();
    } catch (error) {
      await this.platform.stop();
      throw error;
    }
    this.#mind(this.platform);
  }

  /** Stops the platform first, so that its last requests still find the identity provider. */
  async stop() {
    this.#isStopping = true;
    for (const service of [this.platform, this.idp]) await service.stop();
  }

  #platformReady() {
    return untilReady(this.platform, `${this.platformUrl}/health/ready`, readyTimeoutMs);
  }

  #mind({ ended }) {
    void ended.then((reason) => reason && this.#fail(reason));
  }
}

/** The user's own `NMP_…` settings have no say in the quickstart; the rest of the environment stays. */
function platformEnvironment({ port, platformUrl, idpUrl, dataDir }) {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('NMP_'));
  return {
    ...Object.fromEntries(inherited),
    NMP_CONFIG_FILE_PATH: join(root, 'config', 'quickstart.yaml'),
    NMP_DATA_DIR: join(dataDir, 'platform'),
    NMP_SERVER_PORT: String(port),
    NMP_PUBLIC_URL: platformUrl,
    NMP_AUTH_OIDC__ISSUER: idpUrl,
  };
}
