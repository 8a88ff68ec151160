import { NeMoPlatform } from '@nmp/sdk';

// A program of its own: two clients of one process that make half as many requests each as the argument says.
const requests = Number(process.argv[2] ?? 2);
const clients = [new NeMoPlatform(), new NeMoPlatform()];
await Promise.all(
  clients.flatMap((client) =>
    Array.from({ length: Math.ceil(requests / 2) }, () => client.workspaces.list().toArray()),
  ),
);
