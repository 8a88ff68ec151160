import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../process/run-command.mjs';

/** The release of Open Policy Agent that the policy is compiled with, and the hash of its module. */
export const opaVersion = '1.22.2';
const moduleSum = 'h1:WzqReKk2VjcvBN/NQTlcIxKqFPKpzIdb6KYMHzPEbe0=';
const modulePath = 'github.com/open-policy-agent/opa';

const program = process.platform === 'win32' ? 'opa.exe' : 'opa';

/**
 * The program `opa` of the pinned release: the one that `NMP_OPA_BINARY` names, or one built from the module's sources,
 * once, and kept beside the caches of the user. Nothing but the Go module proxy is asked.
 *
 * @returns {Promise<{ opa: string } | { problem: string }>} where it is, or why it cannot be had
 */
export async function findOpa() {
  const given = process.env.NMP_OPA_BINARY;
  if (given) return checked(given, 'NMP_OPA_BINARY');
  const built = join(cacheDirectory(), program);
  return existsSync(built) ? checked(built, 'the cache') : build(built);
}

/**
 * Runs `opa`.
 *
 * @param {string} opa
 * @param {readonly string[]} args
 * @param {string} [cwd]
 */
export async function runOpa(opa, args, cwd) {
  return runCommand(opa, args, { capture: true, ...(cwd && { cwd }) });
}

function cacheDirectory() {
  const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(caches, 'nmp', `opa-${opaVersion}-${process.platform}-${process.arch}`);
}

async function checked(opa, origin) {
  const { code, output } = await runOpa(opa, ['version']).catch((error) => ({ code: 1, output: error.message }));
  if (code !== 0) return { problem: `the opa of ${origin} does not run: ${output.trim()}` };
  if (output.includes(`Version: ${opaVersion}\n`)) return { opa };
  return { problem: `the opa of ${origin} is not ${opaVersion}` };
}

async function build(target) {
  const directory = mkdtempSync(join(tmpdir(), 'nmp-opa-'));
  // No compiler for C, no toolchain but the one that is there, no settings of a module around it.
  const env = { ...process.env, GOBIN: directory, GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local', CGO_ENABLED: '0' };
  const go = (...args) => runCommand('go', args, { cwd: directory, env, capture: true });
  try {
    console.error(`Building Open Policy Agent ${opaVersion}; this takes some minutes, once`);
    const installed = await go('install', '-trimpath', `${modulePath}@v${opaVersion}`);
    if (installed.code !== 0) return { problem: `it does not build: ${lastLine(installed.output)}` };
    const { output } = await go('version', '-m', join(directory, program));
    if (!output.includes(`${modulePath}\tv${opaVersion}\t${moduleSum}`)) {
      return { problem: 'the module proxy gave other sources than the pinned ones' };
    }
    mkdirSync(cacheDirectory(), { recursive: true });
    moveInto(join(directory, program), target);
    return { opa: target };
  } catch (error) {
    if (error.code === 'ENOENT') return { problem: 'it is built by Go, which is not installed' };
    throw error;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The system's folder for what is temporary may be on another disk than the caches: then a copy is renamed. */
function moveInto(source, target) {
  const own = `${target}.${process.pid}`;
  copyFileSync(source, own);
  renameSync(own, target);
}

function lastLine(text) {
  return text.trim().split('\n').at(-1);
}
