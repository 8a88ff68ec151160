import { NeMoPlatform } from '@nmp/sdk';
import { StandingClock } from './standing-clock.js';

// A program of its own: two clients of one process use the stored token at the same time, and wait for a busy machine's keychain.
class PatientClock extends StandingClock {
  override now(): Date {
    return new Date();
  }
}
const clients = [new NeMoPlatform({ clock: new PatientClock() }), new NeMoPlatform({ clock: new PatientClock() })];
await Promise.all(clients.map((client) => client.workspaces.list().toArray()));
