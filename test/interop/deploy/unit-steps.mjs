import { deepEqual, ok } from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/process/root.mjs';
import { runCommand } from '../../../scripts/process/run-command.mjs';

const unit = readFileSync(join(root, 'deploy', 'systemd', 'nmp-platform.service'), 'utf8');
/** From 0, where everything is closed that systemd can close, to 10; what goes to 2 is called "OK" by systemd. */
const greatestExposure = 2;

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
  return undefined;
}

/** The programs it names are not here, where it is only looked at. */
async function analyze(verb, text, directory, options = ['--man=no']) {
  const file = join(directory, 'nmp-platform.service');
  writeFileSync(file, text.replace('/usr/bin/node', process.execPath));
  return runCommand('systemd-analyze', [verb, ...options, file], { capture: true });
}
