import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.js';
import type { EndpointAnswer, EndpointRequest } from './test-endpoint.js';

/** The tokens that a test issuer can be asked about, and what it says of them. */
export class ToldTokens {
  private readonly answers = new Map<string, () => unknown>();

  constructor(private readonly clock: Clock) {}

  /** Makes a token that says nothing. It is active while its claims are. */
  issue(claims: Readonly<Record<string, unknown>>): string {
    const token = `opaque.${randomUUID()}`;
    this.answers.set(token, () => {
      const isOver = typeof claims.exp === 'number' && this.clock.now().getTime() >= claims.exp * 1000;
      return isOver ? { active: false } : { active: true, token_type: 'Bearer', ...claims };
    });
    return token;
  }

  /** Says exactly this of a token, whatever it is. */
  tell(token: string, answer: unknown): void {
    this.answers.set(token, () => answer);
  }

  /** Knows a token no more. */
  forget(token: string): void {
    this.answers.delete(token);
  }

  /** @see RFC 7662 §2.2 */
  introspect({ headers, form }: EndpointRequest): EndpointAnswer {
    const isProven = headers.authorization ?? form.get('client_secret') ?? form.get('client_assertion');
    if (isProven === null) return { status: 401, body: { error: 'invalid_client' } };
    return { status: 200, body: this.answers.get(form.get('token') ?? '')?.() ?? { active: false } };
  }

  /** @see OIDC Core §5.3 */
  userinfo({ headers }: EndpointRequest): EndpointAnswer {
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
    const told = this.answers.get(token)?.();
    if (typeof told !== 'object' || told === null || !('active' in told) || told.active !== true) {
      return { status: 401, body: { error: 'invalid_token' } };
    }
    const aboutThePerson = Object.entries(told).filter(([name]) => personal.has(name));
    return { status: 200, body: Object.fromEntries(aboutThePerson) };
  }
}

const personal = new Set(['sub', 'email', 'email_verified', 'groups', 'name', 'preferred_username']);
