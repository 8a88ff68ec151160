import { execFile, spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const programs = ['dbus-run-session', 'gnome-keyring-daemon', 'secret-tool'];
const packages = ['dbus', 'gnome-keyring', 'libsecret-tools'];
const unlock = "gnome-keyring-daemon --unlock --components=secrets > /dev/null 2>&1; echo 'unlocked'";
// The password comes on stdin; then the session lasts until stdin ends.
const script = `read -r password
printf %s "$password" | { ${unlock}; }
echo "$DBUS_SESSION_BUS_ADDRESS"
exec cat > /dev/null`;

/** Why there can be no keyring on this machine, if there can be none; where we may install one, we do. */
export function keyringProblem() {
  if (process.platform !== 'linux') return 'it takes Linux';
  if (missing().length > 0 && process.getuid() === 0) {
    const options = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    spawnSync('apt-get', ['update'], options);
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', ...packages], options);
  }
  const names = missing().join(', ');
  return names === '' ? undefined : `${names} not installed`;
}

/** A GNOME Keyring in a session of its own, with its data in a directory of its own. */
export class KeyringSession {
  #child;
  #env;

  constructor(child, env) {
    this.#child = child;
    this.#env = env;
  }

  /** @param {string} directory where home and run-time directory go */
  static async start(directory) {
    const folders = { HOME: 'home', XDG_RUNTIME_DIR: 'run', XDG_DATA_HOME: 'data' };
    const home = Object.fromEntries(Object.entries(folders).map(([name, folder]) => [name, join(directory, folder)]));
    for (const folder of Object.values(home)) mkdirSync(folder, { recursive: true, mode: 0o700 });
    const env = { ...process.env, ...home };
    delete env.DBUS_SESSION_BUS_ADDRESS;
    const child = spawn('dbus-run-session', ['--', 'sh', '-c', script], { env, stdio: ['pipe', 'pipe', 'ignore'] });
    child.stdin.write('a password\n');
    for await (const line of createInterface(child.stdout)) {
      if (line.startsWith('unix:')) return new KeyringSession(child, { ...home, DBUS_SESSION_BUS_ADDRESS: line });
    }
    throw new Error('the session ended');
  }

  /** What a program in the session has in its environment. */
  get env() {
    return this.#env;
  }

  /** Runs a program in the session, and gives what it printed. */
  async run(command, ...args) {
    const { stdout } = await promisify(execFile)(command, args, { env: { ...process.env, ...this.#env } });
    return stdout;
  }

  /** Locks it as a screen that is locked would. */
  async lock() {
    const call = ['--session', '--print-reply', '--dest=org.freedesktop.secrets', '/org/freedesktop/secrets'];
    const what = ['org.freedesktop.Secret.Service.Lock', 'array:objpath:/org/freedesktop/secrets/collection/login'];
    await this.run('dbus-send', ...call, ...what);
  }

  async stop() {
    const ended = new Promise((resolve) => {
      this.#child.once('close', resolve);
    });
    this.#child.stdin.end();
    await ended;
  }
}

function missing() {
  return programs.filter((name) => spawnSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' }).status !== 0);
}
