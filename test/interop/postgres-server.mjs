import { execFile, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../scripts/quickstart/ports.mjs';

const debianFolder = '/usr/lib/postgresql';
const user = 'nmp';

/** The folder of PostgreSQL's programs, the newest there is, or why there is none. */
export function findPostgres() {
  const versions = existsSync(debianFolder)
    ? readdirSync(debianFolder)
        .map(Number)
        .sort((a, b) => b - a)
    : [];
  const folders = versions.map((version) => join(debianFolder, String(version), 'bin'));
  const found = folders.find((folder) => existsSync(join(folder, 'initdb')));
  if (found !== undefined) return { bin: found };
  try {
    const bin = execFileSync('pg_config', ['--bindir'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    if (existsSync(join(bin, 'initdb'))) return { bin };
  } catch {
    // not installed
  }
  return { problem: 'PostgreSQL is not installed' };
}

/** A PostgreSQL server of its own, on this machine alone, with its data in a temporary directory. */
export class PostgresServer {
  #spawn;
  #child;
  #directory;

  constructor(spawnIt, directory, port) {
    this.#spawn = spawnIt;
    this.#directory = directory;
    this.url = `postgres://${user}@127.0.0.1:${port}/postgres`;
  }

  /** @param {string} bin the folder of its programs */
  static async start(bin) {
    // It does not run as root.
    const owner = userInfo().uid === 0 ? accountOf('postgres') : {};
    const directory = mkdtempSync('/tmp/nmp-postgres-');
    if (owner.uid !== undefined) chownSync(directory, owner.uid, owner.gid);
    const data = join(directory, 'data');
    const init = ['-D', data, '-U', user, '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
    await promisify(execFile)(join(bin, 'initdb'), init, { ...owner, cwd: directory });
    const port = await freePort();
    const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: 300 };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const options = { ...owner, cwd: directory, stdio: 'pipe' };
    const spawnIt = () => spawn(join(bin, 'postgres'), ['-D', data, ...args], options);
    const server = new PostgresServer(spawnIt, directory, port);
    await server.#begin();
    return server;
  }

  /** Ends every connection and begins again, with the same data. */
  async restart() {
    await this.#end();
    await this.#begin();
  }

  async stop() {
    await this.#end();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #end() {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    if (this.#child.exitCode !== null) return;
    this.#child.kill('SIGINT');
    await ended;
  }

  async #begin() {
    this.#child = this.#spawn();
    let said = '';
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream.on('data', (chunk) => (said += chunk));
    while (!said.includes('ready to accept connections')) {
      if (this.#child.exitCode !== null) throw new Error(`PostgreSQL ended: ${said}`);
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
    }
  }
}

function accountOf(name) {
  const id = (option) => Number(execFileSync('id', [option, name], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
