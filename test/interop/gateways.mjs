import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Backstage } from './gateways/backstage.mjs';
import { hostileSteps } from './gateways/hostile-steps.mjs';
import { identitySteps } from './gateways/identity-steps.mjs';
import { pageSteps } from './gateways/page-steps.mjs';
import { Passage } from './gateways/passage.mjs';
import { gatewayPrograms } from './gateways/programs.mjs';
import { refusalSteps } from './gateways/refusal-steps.mjs';
import { transportSteps } from './gateways/transport-steps.mjs';

const steps = { ...identitySteps, ...refusalSteps, ...transportSteps, ...hostileSteps, ...pageSteps };
const titles = { headers: 'identity headers', hop: 'hop tokens' };

/**
 * The platform and a service behind real gateways, which run with the files of `deploy/gateways`: the same steps for each
 * of them, with identity headers and with hop tokens. Needs the built platform.
 *
 * @param {{ tally: import('../../scripts/process/tally.mjs').Tally }} given
 */
export async function gatewaySuite({ tally }) {
  const directory = mkdtempSync(join(tmpdir(), 'nmp-gateways-'));
  let backstage;
  try {
    backstage = await tally.run('the platform and a service start', () => Backstage.start(directory));
    if (backstage === undefined) return;
    for (const program of gatewayPrograms) await tryProgram({ tally, backstage, program, directory });
  } finally {
    await backstage?.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function tryProgram({ tally, program, ...given }) {
  const { problem, command, version } = await program.find();
  for (const mode of program.modes ?? Object.keys(titles)) {
    tally.begin({ name: `${program.name}, ${titles[mode]}`, version: version ?? '', kind: 'gateway' });
    if (problem === undefined) await tryMode({ tally, program, command, version, mode, ...given });
    else tally.unavailable(program.name, problem);
  }
  tally.end();
}

async function tryMode({ tally, directory, ...given }) {
  const { program, version, mode } = given;
  const place = join(directory, [program.name, version, mode].join('-'));
  const passage = await tally.run('starts', () => Passage.open({ ...given, directory: place }));
  if (passage === undefined) return;
  try {
    for (const [name, step] of Object.entries(steps)) {
      const reason = program.notOffered?.[name];
      if (reason === undefined) await tally.run(name, () => step(passage));
      else tally.notOffered(name, reason);
    }
  } finally {
    await passage.close();
  }
}
