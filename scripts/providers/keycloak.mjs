import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServerProcess } from '../process/server-process.mjs';
import { runCommand } from '../process/run-command.mjs';
import { userCache } from '../process/user-cache.mjs';
import { freePort } from '../quickstart/ports.mjs';

/** The release of Keycloak that the suite runs. */
export const keycloakVersion = '26.7.3';

const unpack = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:unpack';
const artifact = `org.keycloak:keycloak-quarkus-dist:${keycloakVersion}:zip`;
const firstStartWithinMs = 400_000;

/** What Keycloak's Java may take; it compiles little, because it does not run for long. */
export const javaEnvironment = {
  JAVA_OPTS_KC_HEAP: '-Xms64m -Xmx768m',
  JAVA_OPTS_APPEND: '-XX:TieredStopAtLevel=1',
};

/**
 * The directory of a Keycloak distribution: the one that `NMP_KEYCLOAK_HOME` names, or the pinned one, fetched by Maven
 * from wherever it is set up to look, once, and kept beside the caches of the user.
 *
 * @returns {Promise<{ home: string } | { problem: string }>} where it is, or why it cannot be had
 */
export async function findKeycloak() {
  const java = await tool('java', '-version');
  if (java.problem) return java;
  const given = process.env.NMP_KEYCLOAK_HOME;
  if (given)
    return existsSync(join(given, 'bin', 'kc.sh')) ? { home: given } : { problem: `${given} has no bin/kc.sh` };
  const cache = userCache(`keycloak-${keycloakVersion}`);
  const home = join(cache, `keycloak-${keycloakVersion}`);
  const finished = join(cache, 'finished');
  if (existsSync(finished)) return { home };

  console.error(`Fetching Keycloak ${keycloakVersion}; this takes some minutes, once`);
  const maven = await tool('mvn', '--version');
  if (maven.problem) return maven;
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  const args = ['--batch-mode', '--quiet', unpack, `-Dartifact=${artifact}`, `-DoutputDirectory=${cache}`];
  const { code, output } = await runCommand('mvn', args, { cwd: cache, capture: true });
  if (code !== 0) return { problem: `Maven does not get it: ${firstError(output)}` };
  try {
    await assemble(home);
  } catch (error) {
    return { problem: `it does not start for the first time: ${error.message}` };
  }
  writeFileSync(finished, '');
  return { home };
}

/** The first start puts the server together; later ones use the result. What it stored meanwhile is dropped. */
async function assemble(home) {
  const port = await freePort();
  const server = await ServerProcess.start({
    command: 'sh',
    args: [join(home, 'bin', 'kc.sh'), 'start-dev', '--http-host=127.0.0.1', `--http-port=${port}`],
    env: { ...process.env, ...javaEnvironment },
    logFile: join(home, '..', 'first-start.log'),
    readyUrl: `http://127.0.0.1:${port}/realms/master`,
    readyWithinMs: firstStartWithinMs,
  });
  await server.stop();
  rmSync(join(home, 'data'), { recursive: true, force: true });
}

async function tool(name, ...args) {
  try {
    const { code, output } = await runCommand(name, args, { capture: true });
    return code === 0 ? {} : { problem: `${name} does not run: ${output.trim()}` };
  } catch (error) {
    if (error.code === 'ENOENT') return { problem: `it needs ${name}, which is not installed` };
    throw error;
  }
}

function firstError(output) {
  const line = output.split('\n').find((text) => text.includes('ERROR')) ?? output.trim().split('\n')[0];
  return line.replace(/^.*ERROR\S* /, '');
}
