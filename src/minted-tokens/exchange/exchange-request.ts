import { parseScopes } from '@nmp/tokens';
import { ExchangeError } from './exchange-error.js';

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const TYPE = 'urn:ietf:params:oauth:token-type:';
/** What the token that is given out is called. */
const ACCESS_TOKEN_TYPE = `${TYPE}access_token`;
const JWT_TYPE = `${TYPE}jwt`;

const subjectTypes: ReadonlySet<string> = new Set([JWT_TYPE, ACCESS_TOKEN_TYPE, `${TYPE}id_token`]);
const requestedTypes: ReadonlySet<string> = new Set([JWT_TYPE, ACCESS_TOKEN_TYPE]);
/** The fields that may come more than once. @see RFC 8693 §2.1 */
const repeatable: ReadonlySet<string> = new Set(['audience', 'resource']);

const MAX_FIELDS = 64;

/** What a workload asks for. */
export interface ExchangeRequest {
  readonly subjectToken: string;
  /** What of the rule's scopes it wants; `undefined`: all of them. */
  readonly scopes: readonly string[] | undefined;
  /** Whom the token shall be for; none: whom the platform says. */
  readonly targets: readonly string[];
  readonly issuedTokenType: string;
}

/**
 * Reads the form of a token exchange. Fields that are not known are ignored, as the protocol wants.
 * @throws {ExchangeError} when it is not one.
 * @see RFC 8693 §2.1
 */
export function readExchangeRequest(form: URLSearchParams): ExchangeRequest {
  checkFields(form);
  const grantType = valueOf(form, 'grant_type');
  if (grantType === undefined) throw invalid('grant_type is missing');
  if (grantType !== GRANT_TYPE) throw new ExchangeError('unsupported_grant_type', `grant_type must be ${GRANT_TYPE}`);
  const subjectToken = valueOf(form, 'subject_token');
  if (subjectToken === undefined) throw invalid('subject_token is missing');
  if (!subjectTypes.has(valueOf(form, 'subject_token_type') ?? '')) {
    throw invalid(`subject_token_type must be one of ${[...subjectTypes].join(', ')}`);
  }
  if (form.has('actor_token')) throw invalid('actor_token is not supported');
  const issuedTokenType = valueOf(form, 'requested_token_type') ?? ACCESS_TOKEN_TYPE;
  if (!requestedTypes.has(issuedTokenType)) {
    throw invalid(`requested_token_type must be one of ${[...requestedTypes].join(', ')}`);
  }
  const scope = valueOf(form, 'scope');
  return {
    subjectToken,
    scopes: scope === undefined ? undefined : parseScopes(scope),
    targets: [...form.getAll('audience'), ...form.getAll('resource')].filter((target) => target !== ''),
    issuedTokenType,
  };
}

/** RFC 6749 §3.2: no field may come twice. The name is not repeated: a token that was put in its place must not be. */
function checkFields(form: URLSearchParams): void {
  if (form.size > MAX_FIELDS) throw invalid(`The form must have at most ${MAX_FIELDS} fields`);
  const seen = new Set<string>();
  for (const name of form.keys()) {
    if (seen.has(name) && !repeatable.has(name)) throw invalid('Only audience and resource may come more than once');
    seen.add(name);
  }
}

/** RFC 6749 §3.2: a field without a value is not there. */
function valueOf(form: URLSearchParams, name: string): string | undefined {
  return form.get(name) || undefined;
}

function invalid(message: string): ExchangeError {
  return new ExchangeError('invalid_request', message);
}
