import { deepEqual, ok } from 'node:assert/strict';
import { chownSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/process/root.mjs';
import { runCommand } from '../../../scripts/process/run-command.mjs';

const unit = readFileSync(join(root, 'deploy', 'systemd', 'nmp-platform.service'), 'utf8');
/** From 0, where everything is closed that systemd can close, to 10; what goes to 2 is called "OK" by systemd. */
const greatestExposure = 2;
/** Stands for the user that systemd makes for the service: one that owns nothing. */
const serviceUser = 65_534;

/**
 * The unit as systemd reads it.
 *
 * @param {{ tally: import('../../../scripts/process/tally.mjs').Tally, directory: string }} place
 */
export async function unitSteps({ tally, directory }) {
  console.log('\nThe unit of systemd');
  const { code } = await runCommand('systemd-analyze', ['--version'], { capture: true }).catch(() => ({ code: 1 }));
  if (code !== 0) return tally.unavailable('systemd-analyze', 'it is not installed');
  await tally.run('systemd finds nothing wrong in it', async () => {
    const { code, output } = await analyze('verify', unit, directory);
    deepEqual([code, output], [0, '']);
  });
  await tally.run('it does find what is wrong', async () => {
    const { output } = await analyze('verify', unit.replace('ProtectSystem=strict', 'ProtectSytem=strict'), directory);
    ok(output.includes('ProtectSytem'), output);
  });
  await tally.run(`by systemd's measure it is exposed ${greatestExposure}.0 of 10 at the most`, async () => {
    const options = ['--offline=true', `--threshold=${greatestExposure * 10}`, '--no-pager'];
    const { code, output } = await analyze('security', unit, directory, options);
    const overall = output.split('\n').find((line) => line.includes('Overall exposure level')) ?? output;
    console.log(`                        ${overall.replace(/[^\d.A-Za-z: -]/g, '').trim()}`);
    deepEqual([code, overall.includes('OK')], [0, true], output);
  });
  if (process.getuid?.() !== 0)
    return tally.unavailable('reading as the user of the service', 'only root can become it');
  await tally.run('the user of the service can read each file that it is to read', async () => {
    const run = join(directory, 'credentials');
    await installAsToldBy(join(root, 'docs', 'operations.md'), directory);
    loadCredentials(directory, run);
    const files = filesOfService(directory, run);
    deepEqual(files.map((file) => file.slice(directory.length)).sort(), [
      '/credentials/platform.yaml',
      '/credentials/signing-keys',
    ]);
    for (const file of files) deepEqual(await readAsService(file), 0, file);
  });
  await tally.run('and not those that they are made from', async () => {
    for (const name of ['platform.yaml', 'signing-keys']) {
      deepEqual(await readAsService(join(directory, 'etc', 'nmp', name)), 1, name);
    }
  });
  return undefined;
}

/** Executes the lines of the page that make files in `/etc/nmp`, below another root. */
async function installAsToldBy(page, directory) {
  const section = readFileSync(page, 'utf8').split('### With systemd')[1] ?? '';
  const lines = section.split('\n').filter((line) => line.includes('/etc/nmp/') && /^(install|\()/.test(line));
  deepEqual(lines.length, 2, section);
  mkdirSync(join(directory, 'etc', 'nmp'), { recursive: true });
  const script = lines.join('\n').replaceAll('/etc/nmp', join(directory, 'etc', 'nmp'));
  const { code, output } = await runCommand('sh', ['-ec', script], { capture: true });
  deepEqual([code, output], [0, '']);
}

/** As systemd does it: a copy for the user of the service, whoever may read the original. */
function loadCredentials(directory, run) {
  mkdirSync(run);
  for (const [, name, source] of unit.matchAll(/^LoadCredential=([^:\n]+):(.+)$/gm)) {
    copyFileSync(join(directory, source), join(run, name));
    chownSync(join(run, name), serviceUser, serviceUser);
  }
}

/** The files that the unit's own lines, and its advice for the settings, tell the service to read. */
function filesOfService(directory, run) {
  const settings = /^Environment=NMP_CONFIG_FILE_PATH=(.+)$/m.exec(unit)?.[1] ?? '';
  const keys = /^# signing_keys\.encryption_key_file: (.+)$/m.exec(unit)?.[1] ?? '';
  const places = { '%d': run, '/run/credentials/nmp-platform.service': run, '/etc/nmp': join(directory, 'etc', 'nmp') };
  return [settings, keys].map((path) => {
    const place = Object.keys(places).find((candidate) => path.startsWith(`${candidate}/`)) ?? '';
    return join(places[place] ?? '', path.slice(place.length));
  });
}

async function readAsService(file) {
  const ids = [`--reuid=${serviceUser}`, `--regid=${serviceUser}`, '--clear-groups'];
  const { code } = await runCommand('setpriv', [...ids, 'cat', file], { capture: true });
  return code;
}

/** The programs it names are not here, where it is only looked at. */
async function analyze(verb, text, directory, options = ['--man=no']) {
  const file = join(directory, 'nmp-platform.service');
  writeFileSync(file, text.replace('/usr/bin/node', process.execPath));
  return runCommand('systemd-analyze', [verb, ...options, file], { capture: true });
}
