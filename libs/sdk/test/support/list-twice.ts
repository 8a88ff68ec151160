import { NeMoPlatform } from '@nmp/sdk';

// A program of its own: two clients of one process use the stored token at the same time.
const clients = [new NeMoPlatform(), new NeMoPlatform()];
await Promise.all(clients.map((client) => client.workspaces.list().toArray()));
