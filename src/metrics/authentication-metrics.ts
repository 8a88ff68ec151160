import type { AuthEvent } from '@nmp/auth';
import { Counter, type Registry } from 'prom-client';

/** Counts who was let in and who was refused. Every label has one of a few values that the code knows. */
export class AuthenticationMetrics {
  private readonly authenticated: Counter<'kind' | 'transport' | 'remembered'>;
  private readonly refused: Counter<'code' | 'transport'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.authenticated = new Counter({
      name: 'nmp_auth_authenticated_total',
      help: 'Callers that were identified; remembered: their token was verified before.',
      labelNames: ['kind', 'transport', 'remembered'],
      registers,
    });
    // From the start, so that shares of it are numbers also while nobody gets in.
    for (const remembered of ['false', 'true']) {
      this.authenticated.inc({ kind: 'access', transport: 'http', remembered }, 0);
    }
    this.refused = new Counter({
      name: 'nmp_auth_refused_total',
      help: 'Requests, messages and connections that were refused, by the code of the answer.',
      labelNames: ['code', 'transport'],
      registers,
    });
  }

  note(event: AuthEvent): void {
    if (event.type === 'authenticated') {
      const { kind, transport, remembered } = event;
      this.authenticated.inc({ kind, transport, remembered: String(remembered) });
    } else if (event.type === 'refused') {
      this.refused.inc({ code: event.code, transport: event.transport });
    }
  }
}
