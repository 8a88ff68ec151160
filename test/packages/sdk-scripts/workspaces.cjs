// Makes a workspace and lists what there is, with the sign-in that `nemo auth login` stored.
const { ConflictError, NeMoPlatform } = require('@nmp/sdk');

async function main() {
  const client = new NeMoPlatform();
  const { principal } = await client.auth.whoami();
  await client.workspaces.create({ name: 'from-commonjs' });
  const again = await client.workspaces.create({ name: 'from-commonjs' }).catch((error) => error);
  const workspaces = await client.workspaces.list().toArray();
  process.stdout.write(
    JSON.stringify({
      caller: principal.email,
      isConflict: again instanceof ConflictError,
      hasWorkspace: workspaces.some(({ name }) => name === 'from-commonjs'),
    }),
  );
}

void main();
