import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApplicationProcess } from '../application-process.mjs';
import { probe } from '../probe.mjs';
import { RotatingIssuer } from './rotating-issuer.mjs';

export const tokensInTurn = 2_000;

/**
 * What callers of the platform ask, in turn: gateways whose token it is, and people for what is theirs.
 */
const platformPaths = [
  ...Array.from({ length: 8 }, () => '/apis/auth/authenticate'),
  '/apis/auth/v2/whoami',
  '/apis/entities/v2/workspaces',
];

/**
 * An application under load, its issuer, and the load, each in a process of its own but the issuer.
 *
 * @typedef {{
 *   application: string, address: { host: string, port: number }, paths: readonly string[],
 *   server: ApplicationProcess, load: ApplicationProcess, issuer: RotatingIssuer,
 * }} Stage
 */

/**
 * Sets the stage for an application, lets something happen on it, and clears it.
 *
 * @template T
 * @param {'platform' | 'library'} application
 * @param {(stage: Stage) => Promise<T>} act
 * @returns {Promise<T>}
 */
export async function onStage(application, act) {
  const directory = mkdtempSync(join(tmpdir(), 'nmp-soak-'));
  const issuer = await RotatingIssuer.start();
  const given = { issuer: issuer.issuer, configFile: platformConfigIn(directory, issuer.issuer) };
  const script = (name) => join(import.meta.dirname, name);
  const how = { flags: ['--expose-gc'], isSilent: true };
  const server = new ApplicationProcess(script('server.mjs'), [application, JSON.stringify(given)], how);
  const load = new ApplicationProcess(script('load.mjs'), []);
  try {
    const { url } = await server.ready();
    await load.ready();
    const { hostname, port, pathname } = new URL(url.replace('[::1]', '127.0.0.1'));
    const address = { host: hostname, port: Number(port) };
    const paths = application === 'platform' ? platformPaths : [pathname];
    const tokens = await issuer.tokens(tokensInTurn);
    await probe(application, `http://${address.host}:${port}${paths[0]}`, { token: tokens[0], isOpen: false });
    await load.ask('aim', { address, paths, tokens });
    return await act({ application, address, paths, server, load, issuer });
  } finally {
    await Promise.all([server.end(), load.end()]);
    await issuer.close();
    rmSync(directory, { recursive: true });
  }
}

function platformConfigIn(directory, issuer) {
  const file = join(directory, 'platform.yaml');
  const settings = {
    // Attackers may have as many addresses as they like.
    server: { port: 0, rate_limit: false },
    data_dir: join(directory, 'data'),
    auth: { jwks_cooldown_seconds: 1, oidc: { issuer, client_id: 'nmp-cli', audience: 'nmp-platform' } },
  };
  writeFileSync(file, JSON.stringify(settings)); // JSON is YAML
  return file;
}
