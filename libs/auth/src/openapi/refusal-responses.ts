import type { ScopeRequirement } from '@nmp/tokens';
import type { RouteRules } from '../http/route-rules.js';
import type { ApiResponse } from './api-document.js';

const schemaName = 'AuthErrorBody';

/** The schema of every refusal's body, by the name it has in a document. */
export const refusalSchemas = {
  [schemaName]: {
    type: 'object',
    required: ['statusCode', 'error', 'code', 'detail'],
    properties: {
      statusCode: { type: 'number', example: 403 },
      error: { type: 'string', description: 'The reason phrase of the status', example: 'Forbidden' },
      code: { type: 'string', description: 'The stable name of the failure', example: 'insufficient_scope' },
      detail: { type: 'string', description: 'A sentence for people', example: 'Forbidden' },
    },
  },
};

const challenge = {
  'WWW-Authenticate': { description: 'What would have been accepted (RFC 6750)', schema: { type: 'string' } },
};

/** The answers of a route that come from its decorators: those to whom it is not open are refused with one of them. */
export function refusalResponses(rules: RouteRules, schema = schemaName): Record<string, ApiResponse> {
  const content = { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } };
  const forbidden = [...rules.scopes.map(scopeSentence), ...permissionSentences(rules)];
  const stepUp = rules.authContexts.length > 0 ? ', or a sign-in that is too weak or too long ago' : '';
  const audience = rules.audiences.length > 0 ? ', or one for another audience' : '';
  return {
    401: {
      description: `No access token, or one that is not accepted${audience}${stepUp}`,
      headers: challenge,
      content,
    },
    ...(forbidden.length > 0 && { 403: { description: forbidden.join('. '), content } }),
    503: { description: 'The identity provider, or who decides about permissions, cannot be reached', content },
  };
}

/** Where a route describes an answer itself, what its decorators make of it is said before that. */
export function withRefusals(
  own: Readonly<Record<string, ApiResponse>> | undefined,
  refusals: Readonly<Record<string, ApiResponse>>,
): Record<string, ApiResponse> {
  const described = Object.entries(refusals).map(([status, refusal]): [string, ApiResponse] => {
    const { description, ...rest } = own?.[status] ?? {};
    const both = [refusal.description, description].filter((text) => text !== undefined && text !== '');
    return [status, { ...refusal, ...rest, description: [...new Set(both)].join('. ') }];
  });
  return { ...own, ...Object.fromEntries(described) };
}

function scopeSentence({ mode, scopes }: ScopeRequirement): string {
  const names = scopes.map((scope) => `\`${scope}\``);
  if (names.length === 1) return `The token lacks the scope ${names[0]}`;
  return mode === 'all'
    ? `The token lacks one of the scopes ${names.join(', ')}`
    : `The token has none of the scopes ${names.join(', ')}`;
}

function permissionSentences({ permissions }: RouteRules): string[] {
  const names = [...new Set(permissions.flatMap((requirement) => requirement.permissions))];
  return names.length === 0 ? [] : [`The caller lacks ${names.map((name) => `\`${name}\``).join(' or ')}`];
}
