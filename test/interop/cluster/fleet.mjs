import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/process/root.mjs';
import { ServerProcess } from '../../../scripts/process/server-process.mjs';
import { freePort } from '../../../scripts/quickstart/ports.mjs';
import { PlatformInstance, send } from './platform-instance.mjs';

const template = join(root, 'deploy', 'nginx', 'nmp-platform.conf');
const publicUrl = 'https://platform.example.com';
const names = ['first', 'second', 'third'];

/** The service that hop tokens are for. */
export const hopAudience = 'models';

// What is around the file that is deployed: it says whom a request was handed to, one after the other, and what they said.
const nginxMain = `daemon off;
error_log stderr crit;
pid nginx.pid;
events { worker_connections 1024; }
http {
    log_format handed '$status|$upstream_addr|$upstream_status';
    access_log access.log handed;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    include nmp.conf;
}
`;

/** Three instances of the platform on one PostgreSQL database, behind nginx. */
export class Fleet {
  #nginx;
  #log;
  #directory;
  #settings;

  constructor(issuer, settings, directory) {
    this.issuer = issuer;
    this.instances = [];
    this.#settings = settings;
    this.#directory = directory;
    this.hopIssuer = `${publicUrl}/apis/auth`;
    this.#log = join(directory, 'nginx', 'access.log');
  }

  /** @param {{ databaseUrl: string, directory: string }} place */
  static async prepare({ databaseUrl, directory }) {
    const { TestIssuer } = await import('@nmp/auth/testing');
    const issuer = await TestIssuer.start({ audience: 'nmp-platform' });
    const encryptionKeyFile = join(directory, 'signing-keys');
    writeFileSync(encryptionKeyFile, randomBytes(32).toString('base64'), { mode: 0o600 });
    const settings = {
      public_url: publicUrl,
      signing_keys: { encryption_key_file: encryptionKeyFile },
      hop_tokens: { audiences: [hopAudience] },
      auth: {
        admin_email: 'admin@example.com',
        access_keys: { enabled: true },
        oidc: { issuer: issuer.issuer, client_id: 'nmp-cli', audience: 'nmp-platform' },
      },
    };
    const fleet = new Fleet(issuer, settings, directory);
    for (const name of names) fleet.instances.push(await fleet.another(name, { databaseUrl }));
    return fleet;
  }

  /** An instance like the others, which nobody knows of, and which is not started. */
  another(name, { databaseUrl }) {
    const settings = { ...this.#settings, database: { url: databaseUrl } };
    return PlatformInstance.prepare(name, { directory: this.#directory, settings });
  }

  /** All at once: one of them makes the tables. */
  async start() {
    await Promise.all(this.instances.map((instance) => instance.start()));
  }

  /** @param {{ command: string, directory: string }} nginx */
  async startGateway({ command, directory }) {
    const port = await freePort();
    const [first, second, third] = this.instances.map((instance) => `127.0.0.1:${instance.port}`);
    const values = {
      PLATFORM_1: first,
      PLATFORM_2: second,
      PLATFORM_3: third,
      GATEWAY_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
    };
    const filled = readFileSync(template, 'utf8').replaceAll(
      /\$\{([A-Z_0-9]+)\}/g,
      (whole, name) => values[name] ?? whole,
    );
    writeFileSync(join(directory, 'nmp.conf'), filled);
    writeFileSync(join(directory, 'nginx.conf'), nginxMain);
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.#nginx = await ServerProcess.start({
      command,
      args: ['-p', directory, '-e', 'stderr', '-c', 'nginx.conf'],
      cwd: directory,
      env: { PATH: process.env.PATH },
      logFile: join(directory, 'nginx.log'),
      readyUrl: `${this.url}/health/live`,
      readyWithinMs: 60_000,
    });
  }

  /** Somebody with a token of their own. */
  async person(name) {
    const email = `${name}@example.com`;
    const token = await this.issuer.accessToken({ subject: name, email, expiresInSeconds: 3_600 });
    return { name, email, token };
  }

  /** One request, by way of nginx. */
  request(path, what) {
    return send(`${this.url}${path}`, what);
  }

  /** To whom nginx has handed each request so far, one after the other, and what came of it. */
  handed() {
    const lines = readFileSync(this.#log, 'utf8').trim().split('\n');
    return lines.map((line) => {
      const [status, addresses = ''] = line.split('|');
      const ports = addresses.split(', ').map((address) => Number(address.split(':').at(-1)));
      return { status: Number(status), instances: ports.map((port) => this.#nameOf(port)) };
    });
  }

  async stop() {
    await this.#nginx?.stop();
    await Promise.all(this.instances.map((instance) => instance.stop()));
    await this.issuer.close();
  }

  #nameOf(port) {
    return this.instances.find((instance) => instance.port === port)?.name ?? 'nobody';
  }
}
