// Makes a workspace and lists what there is, with the sign-in that `nemo auth login` stored.
import { ConflictError, NeMoPlatform } from '@nmp/sdk';

const client = new NeMoPlatform();
const { principal } = await client.auth.whoami();
await client.workspaces.create({ name: 'from-esm' });
const again = await client.workspaces.create({ name: 'from-esm' }).catch((error) => error);
const workspaces = await client.workspaces.list().toArray();
console.log(
  JSON.stringify({
    caller: principal.email,
    isConflict: again instanceof ConflictError,
    hasWorkspace: workspaces.some(({ name }) => name === 'from-esm'),
  }),
);
