import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildGoProgram } from '../process/go-program.mjs';
import { runCommand } from '../process/run-command.mjs';
import { userCache } from '../process/user-cache.mjs';

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
  const built = join(userCache(`opa-${opaVersion}-${process.platform}-${process.arch}`), program);
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

async function checked(opa, origin) {
  const { code, output } = await runOpa(opa, ['version']).catch((error) => ({ code: 1, output: error.message }));
  if (code !== 0) return { problem: `the opa of ${origin} does not run: ${output.trim()}` };
  if (output.includes(`Version: ${opaVersion}\n`)) return { opa };
  return { problem: `the opa of ${origin} is not ${opaVersion}` };
}

async function build(target) {
  const version = `v${opaVersion}`;
  const problem = await buildGoProgram(target, {
    name: 'Open Policy Agent',
    module: modulePath,
    version,
    moduleSum,
    build: (go) => go('install', '-trimpath', `${modulePath}@${version}`),
  });
  return problem === undefined ? { opa: target } : { problem };
}
