import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../process/run-command.mjs';
import { succeed } from '../process/succeed.mjs';
import { policyDirectory, policySources } from './artefact.mjs';
import { hostBuiltins } from './host-builtins.mjs';
import { runOpa } from './opa.mjs';

const entrypoints = ['authz/allow', 'authz/has_permissions', 'authz/has_role'];

/** Compiles the sources of the platform's policy. */
export function compileCommitted(opa) {
  return compilePolicy(opa, { directory: policyDirectory, sources: policySources(), entrypoints });
}

/**
 * Compiles Rego to WASM.
 *
 * @param {string} opa the program
 * @param {{ directory: string, sources: readonly string[], entrypoints: readonly string[] }} policy
 * @returns {Promise<Buffer>} the same bytes for the same sources
 * @throws {Error} when it does not compile, or calls a builtin that the compiled policy does not bring along: whoever
 *   runs it would have to provide that, and might provide something else than Open Policy Agent does
 */
export async function compilePolicy(opa, { directory, sources, entrypoints }) {
  const output = mkdtempSync(join(tmpdir(), 'nmp-policy-'));
  try {
    const archive = join(output, 'bundle.tar.gz');
    const named = entrypoints.flatMap((entrypoint) => ['--entrypoint', entrypoint]);
    await succeed(runOpa(opa, ['build', '--target', 'wasm', ...named, '--output', archive, ...sources], directory));
    await succeed(runCommand('tar', ['-xzf', archive, '-C', output, '/policy.wasm'], { capture: true }));
    const wasm = readFileSync(join(output, 'policy.wasm'));
    const missing = hostBuiltins(wasm);
    if (missing.length > 0) throw new Error(`the policy calls builtins that WASM does not have: ${missing.join(', ')}`);
    return wasm;
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}
