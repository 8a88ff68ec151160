import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Backstage } from './gateways/backstage.mjs';
import { hostileSteps } from './gateways/hostile-steps.mjs';
import { identitySteps } from './gateways/identity-steps.mjs';
import { Passage } from './gateways/passage.mjs';
import { gatewayPrograms } from './gateways/programs.mjs';
import { refusalSteps } from './gateways/refusal-steps.mjs';
import { transportSteps } from './gateways/transport-steps.mjs';

const steps = { ...identitySteps, ...refusalSteps, ...transportSteps, ...hostileSteps };
const modes = ['headers', 'hop'];

/**
 * The platform and a service behind real gateways, which run with the files of `deploy/gateways`: the same steps for each
 * of them, with identity headers and with hop tokens. Needs the built platform.
 *
 * @param {{ tally: import('../../scripts/process/tally.mjs').Tally }} given
 */
export async function gatewaySuite({ tally }) {
  console.log('\nGateways');
  const directory = mkdtempSync(join(tmpdir(), 'nmp-gateways-'));
  let backstage;
  try {
    backstage = await tally.run('the platform and a service start', () => Backstage.start(directory));
    if (backstage === undefined) return;
    for (const program of gatewayPrograms) {
      const found = await program.find();
      if (found.problem) {
        tally.unavailable(program.name, found.problem);
        continue;
      }
      for (const mode of modes) {
        console.log(`\n${program.name} ${found.version}, ${mode}`);
        await tryOut({ tally, backstage, program, ...found, mode, directory });
      }
    }
  } finally {
    await backstage?.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function tryOut({ tally, ...given }) {
  const { program, version, mode, directory } = given;
  const place = join(directory, [program.name, version, mode].join('-'));
  const passage = await tally.run('starts', () => Passage.open({ ...given, directory: place }));
  if (passage === undefined) return;
  try {
    for (const [name, step] of Object.entries(steps)) await tally.run(name, () => step(passage));
  } finally {
    await passage.close();
  }
}
