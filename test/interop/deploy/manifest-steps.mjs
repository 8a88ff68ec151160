import { deepEqual, ok } from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/process/root.mjs';
import { runCommand } from '../../../scripts/process/run-command.mjs';
import { findManifestCheck } from './manifest-check.mjs';

const source = join(root, 'deploy', 'kubernetes');
const autoscaled = `resources: [../overlays/postgres]
components: [../components/autoscaling]
`;
/** What the check must not let pass, each by a patch of the deployment. */
const mistakes = {
  'a field that there is not': [
    'container',
    { securityContext: { readOnlyRootFileSystem: true } },
    /readOnlyRootFileSystem/,
  ],
  'a selector that fits no pod': ['selector', { matchLabels: { 'app.kubernetes.io/name': 'other' } }, /selector/],
  'a pod that may become root': ['container', { securityContext: { allowPrivilegeEscalation: true } }, /restricted/],
};

/**
 * The files for Kubernetes, built as kustomize builds them, by the rules of the API server.
 *
 * @param {{ tally: import('../../../scripts/process/tally.mjs').Tally, directory: string }} place
 */
export async function manifestSteps({ tally, directory }) {
  console.log('\nThe files for Kubernetes');
  const { check, problem } = await findManifestCheck();
  if (problem) return tally.unavailable('the rules of the API server', problem);
  const tree = join(directory, 'kubernetes');
  cpSync(source, tree, { recursive: true });
  addKustomization(tree, 'autoscaled', autoscaled);
  const kinds = ['ConfigMap', 'Deployment', 'NetworkPolicy', 'PodDisruptionBudget', 'Service', 'ServiceAccount'];
  await tally.run('one instance with the embedded database', async () => {
    deepEqual(await kindsOf(check, join(tree, 'base')), [...kinds, 'PersistentVolumeClaim'].toSorted());
  });
  await tally.run('three instances on PostgreSQL', async () => {
    deepEqual(await kindsOf(check, join(tree, 'overlays', 'postgres')), kinds.toSorted());
  });
  await tally.run('as many as the load needs', async () => {
    deepEqual(await kindsOf(check, join(tree, 'autoscaled')), [...kinds, 'HorizontalPodAutoscaler'].toSorted());
  });
  await tally.run('the example of the secret', async () => {
    addKustomization(tree, 'secret', 'resources: [secret.example.yaml]\n');
    cpSync(join(source, 'base', 'secret.example.yaml'), join(tree, 'secret', 'secret.example.yaml'));
    deepEqual(await kindsOf(check, join(tree, 'secret')), ['Secret']);
  });
  for (const [name, [place, change, complaint]] of Object.entries(mistakes)) {
    await tally.run(`it does find ${name}`, async () => {
      addKustomization(
        tree,
        'mistake',
        JSON.stringify({ resources: ['../base'], patches: [{ patch: patchOf(place, change) }] }),
      );
      const { code, output } = await runCommand(check, [join(tree, 'mistake')], { capture: true });
      ok(code === 1 && complaint.test(output), output);
    });
  }
  return undefined;
}

/** What a kustomization consists of, when nothing is wrong with it. */
async function kindsOf(check, folder) {
  const { code, output } = await runCommand(check, [folder], { capture: true });
  if (code !== 0) throw new Error(output);
  return output
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[0])
    .toSorted();
}

function addKustomization(tree, name, text) {
  mkdirSync(join(tree, name), { recursive: true });
  writeFileSync(join(tree, name, 'kustomization.yaml'), text);
}

function patchOf(place, change) {
  const spec =
    place === 'container'
      ? { template: { spec: { containers: [{ name: 'platform', ...change }] } } }
      : { [place]: change };
  return JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'nmp-platform' }, spec });
}
