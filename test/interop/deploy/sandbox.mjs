import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What a base image brings along is this system's own: its programs and its settings, to be read. */
const ofSystem = ['bin', 'etc', 'lib', 'lib64', 'sbin', 'usr'];
const settingsOfNetwork = /^(npm_config_|node_extra_ca_certs|ssl_cert|https?_proxy|no_proxy)/i;

/** Why programs cannot be run in a file system of their own here, if so. */
export function sandboxProblem() {
  if (process.platform !== 'linux' || process.getuid() !== 0) return 'it takes root on Linux';
  const { status } = spawnSync('unshare', ['--mount', 'true']);
  return status === 0 ? undefined : 'file systems cannot be mounted here';
}

/** Makes a folder the root of a file system with the programs of this machine. */
export function prepareRoot(folder) {
  for (const name of ['dev', 'proc', 'tmp', 'run', 'var']) mkdirSync(join(folder, name), { recursive: true });
  for (const name of ofSystem.filter((entry) => existsSync(`/${entry}`))) {
    const place = join(folder, name);
    if (lstatSync(`/${name}`).isSymbolicLink()) symlinkSync(readlinkSync(`/${name}`), place);
    else mkdirSync(place);
  }
}

/**
 * The command that runs a program in such a file system, as the same process; what is mounted is gone when that ends.
 *
 * @param {string} folder its root
 * @param {{ args: readonly string[], cwd: string, env: Record<string, string>, user?: string, mounts: readonly string[] }} what
 *   `mounts` are lines of a shell
 * @returns {{ command: string, args: string[] }}
 */
export function sandboxed(folder, { args, cwd, env, user = '0:0', mounts }) {
  const system = ofSystem
    .filter((name) => existsSync(`/${name}`) && !lstatSync(`/${name}`).isSymbolicLink())
    .map((name) => `mount --bind /${name} "$ROOT/${name}" && mount -o remount,bind,ro "$ROOT/${name}"`);
  const script = [
    'set -e',
    'mount --bind "$ROOT" "$ROOT"',
    ...system,
    'mount --rbind /proc "$ROOT/proc"',
    'mount --rbind /dev "$ROOT/dev"',
    ...mounts,
    `exec chroot --userspec=${user} "$ROOT" /usr/bin/env --ignore-environment --chdir="$PLACE" "$@"`,
  ].join('\n');
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const namespace = ['unshare', '--mount', '--propagation', 'private'];
  return {
    command: 'env',
    args: [`ROOT=${folder}`, `PLACE=${cwd}`, ...namespace, 'sh', '-c', script, 'sh', ...variables, ...args],
  };
}

/** A folder for what is temporary. */
const ownTmp = ['mount -t tmpfs tmpfs "$ROOT/tmp"'];

/** Nothing can be written but what is below these. @param {readonly string[]} paths */
export function readOnlyBut(paths) {
  const writable = paths.map((path) => `mount --bind "$ROOT${path}" "$ROOT${path}"`);
  return [...writable, 'mount -o remount,bind,ro "$ROOT"'];
}

/** What npm has fetched before, and the settings it has on this machine, at a home directory of its own. */
export function ownHome() {
  const cache = process.env.npm_config_cache ?? join(homedir(), '.npm');
  mkdirSync(cache, { recursive: true });
  const home = '"$ROOT/tmp/home"';
  const settings = join(homedir(), '.npmrc');
  const mounts = [
    ...ownTmp,
    `mkdir -p ${home}/.npm && mount --bind '${cache}' ${home}/.npm`,
    ...(existsSync(settings) ? [`cp '${settings}' ${home}/.npmrc`] : []),
  ];
  const known = Object.entries(process.env).filter(([name]) => settingsOfNetwork.test(name));
  return { mounts, env: { ...Object.fromEntries(known), HOME: '/tmp/home', npm_config_cache: '/tmp/home/.npm' } };
}
