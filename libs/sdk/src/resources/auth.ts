import type { Answer } from '../answer.js';
import type { AnswerShape } from '../answer-shape.js';
import { anyText, listOf, objectWith, optional, recordOf, text, yesOrNo } from '../answer-shape.js';
import type { ApiClient } from '../api-client.js';
import { NOT_A_PLATFORM } from '../api-error.js';
import type { PrincipalResponse, WhoamiResponse } from '../api-types.js';
import { NotFoundError } from '../errors.js';

/** Who the platform takes the caller to be. */
export type Identity = Answer<Omit<WhoamiResponse, 'principal'>, 'scopes'> & {
  readonly principal: Answer<PrincipalResponse, 'kind' | 'id'>;
};

const identity: AnswerShape = objectWith({
  principal: objectWith({
    kind: text,
    id: anyText,
    email: optional(anyText),
    email_verified: optional(yesOrNo),
    groups: optional(listOf(anyText)),
    issuer: optional(anyText),
    client_id: optional(anyText),
    expires_at: optional(anyText),
  }),
  scopes: listOf(anyText),
  roles: optional(recordOf(listOf(anyText))),
});

/** What gateways are told of a token; platforms without a whoami know this. */
const authenticated: AnswerShape = objectWith({
  principal: text,
  email: optional(anyText),
  groups: optional(listOf(anyText)),
  scopes: listOf(anyText),
});

interface Authenticated {
  readonly principal: string;
  readonly email?: string | null;
  readonly groups?: string[] | null;
  readonly scopes: string[];
}

/** What the platform says about the caller. */
export class Auth {
  constructor(private readonly api: ApiClient) {}

  /** @throws {UnauthorizedError} when the token is missing or refused. */
  async whoami(): Promise<Identity> {
    try {
      return (await this.api.call({ method: 'GET', path: '/apis/auth/v2/whoami' }, identity)) as Identity; // its shape was checked, here and below
    } catch (error) {
      // What is no platform at all does not get the token twice.
      if (!(error instanceof NotFoundError) || error.code === NOT_A_PLATFORM) throw error;
      return this.authenticate(error);
    }
  }

  /** Asks the way gateways do, who learn less. @throws {NotFoundError} `unknown` when that is not served either. */
  private async authenticate(unknown: NotFoundError): Promise<Identity> {
    const request = { method: 'GET', path: '/apis/auth/authenticate' } as const;
    const answer = this.api.call(request, authenticated).catch((error: unknown) => {
      throw error instanceof NotFoundError ? unknown : error;
    });
    const { principal: id, email, groups, scopes } = (await answer) as Authenticated;
    // No service is told of by this, and people are many more than clients.
    return { principal: { kind: 'user', id, email: email ?? null, groups: groups ?? [] }, scopes };
  }
}
