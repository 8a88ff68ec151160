import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { figureOf, median } from './figures.mjs';
import { publishedSize } from './published-size.mjs';
import { progress } from './progress.mjs';

const launcher = join(import.meta.dirname, '..', 'libs', 'cli', 'bin', 'nemo.js');
const commands = {
  'nemo auth token / node -e 0': [launcher, 'auth', 'token'],
  'nemo --help / node -e 0': [launcher, '--help'],
};
const leastRounds = 15;

/**
 * Measures how long the command line takes beside a Node that does nothing, in turns, and how much of it and of the SDK is
 * published.
 *
 * @param {number} rounds at least 15 are taken: one takes a second
 */
export async function measureCommandLine(rounds) {
  const directory = mkdtempSync(join(tmpdir(), 'nmp-bench-cli-'));
  try {
    const env = { ...process.env, NMP_CONFIG_FILE: signedIn(directory), NMP_ACCESS_TOKEN: '' };
    const ratios = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
    for (let round = 0; round <= Math.max(leastRounds, rounds); round += 1) {
      const nothing = wallTime(['-e', '0'], env);
      for (const [name, args] of Object.entries(commands)) {
        const ratio = wallTime(args, env) / nothing;
        if (round > 0) ratios[name].push(ratio); // the first one fills the file system's cache
      }
    }
    progress('start of the command line');
    const published = await publishedSize(['@nmp/cli', '@nmp/sdk']);
    return [
      ...Object.entries(ratios).map(([name, values]) => figureOf(name, 'any', median(values), 'ratio')),
      figureOf('@nmp/cli and @nmp/sdk, unpacked', 'any', published.own / 1024, 'KiB'),
      figureOf('@nmp/cli and @nmp/sdk with dependencies, unpacked', 'any', published.all / 1024, 'KiB'),
    ];
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function wallTime(args, env) {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { env });
  if (status !== 0) throw new Error(`${args.join(' ')} failed: ${stderr.toString()}`);
  return performance.now() - startedAt;
}

/** A configuration file with a token that needs no refresh; nobody verifies it here. */
function signedIn(directory) {
  const now = Math.floor(Date.now() / 1000);
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    iss: 'https://idp.example.com',
    sub: 'alice',
    email: 'alice@example.com',
    iat: now,
    exp: now + 86_400,
  };
  const token = `${part({ alg: 'RS256' })}.${part(claims)}.${Buffer.alloc(256, 1).toString('base64url')}`;
  const file = join(directory, 'config.yaml');
  const text = `current_context: default
clusters: [{ name: default-cluster, base_url: 'http://localhost:8080' }]
users: [{ name: default-user, type: oauth, token: ${token}, refresh_token: refresh }]
contexts: [{ name: default, cluster: default-cluster, user: default-user, workspace: default }]
`;
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}
