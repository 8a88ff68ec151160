import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageSteps } from './deploy/image-steps.mjs';
import { manifestSteps } from './deploy/manifest-steps.mjs';
import { unitSteps } from './deploy/unit-steps.mjs';

/** Building the image and the code of Kubernetes' API server takes minutes. */
const isShort = process.env.NMP_INTEROP === 'short';

/**
 * What the platform is deployed with, each tried as far as this machine can: the image without an engine, the unit by
 * systemd's own check, the files for Kubernetes by the rules of its API server. With `NMP_INTEROP=short` the unit
 * alone. Needs the build.
 *
 * @param {{ tally: import('../../scripts/process/tally.mjs').Tally }} given
 */
export async function deploySuite({ tally }) {
  for (const steps of isShort ? [unitSteps] : [unitSteps, manifestSteps, imageSteps]) {
    const directory = mkdtempSync(join(tmpdir(), 'nmp-deploy-'));
    chmodSync(directory, 0o755);
    try {
      await steps({ tally, directory });
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
}
