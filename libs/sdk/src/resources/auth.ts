import type { Answer } from '../answer.js';
import type { AnswerShape } from '../answer-shape.js';
import { anyText, listOf, objectWith, optional, text, yesOrNo } from '../answer-shape.js';
import type { ApiClient } from '../api-client.js';
import type { PrincipalResponse, WhoamiResponse } from '../api-types.js';

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
});

/** What the platform says about the caller. */
export class Auth {
  constructor(private readonly api: ApiClient) {}

  /** @throws {UnauthorizedError} when the token is missing or refused. */
  async whoami(): Promise<Identity> {
    return (await this.api.call({ method: 'GET', path: '/apis/auth/v2/whoami' }, identity)) as Identity; // its shape was checked
  }
}
