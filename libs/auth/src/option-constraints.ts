import { isIP } from 'node:net';
import { isClaimPath, parseUrl } from '@nmp/tokens';
import { ValidateBy, type ValidationArguments } from 'class-validator';
import { clientKeyOf } from './client-key.js';

/** A non-empty string without blanks around it. */
export const IsText = constraint('isText', 'must be a non-empty string', isText);

/** A non-empty list of non-empty strings. */
export const IsTextList = constraint(
  'isTextList',
  'must be a non-empty list of non-empty strings',
  (value) => Array.isArray(value) && value.length > 0 && value.every(isText),
);

/** An absolute http or https URL without fragment (an empty one included) or user. Whether plain http is allowed is decided with all options at hand. */
export const IsUrlText = constraint('isUrlText', 'must be an https URL (plain http only on this machine)', (value) => {
  const url = isText(value) ? parseUrl(value) : undefined;
  return (
    url !== undefined && /^https?:$/.test(url.protocol) && !url.href.includes('#') && url.username + url.password === ''
  );
});

/** Where the service is reached: its path becomes part of a route, in which each framework reads other characters its own way. */
export const IsPlainPath = constraint(
  'isPlainPath',
  'must have no query, and in its path only letters, digits, - . _ ~ and /',
  (value) => typeof value !== 'string' || parseUrl(value) === undefined || isPlain(new URL(value)),
);

/** Words for parts of scopes. */
export const IsScopeAreas = constraint(
  'isScopeAreas',
  'must be a list of scope areas (lower-case words)',
  (value) => Array.isArray(value) && value.every((area) => typeof area === 'string' && /^[a-z][a-z0-9_-]*$/.test(area)),
);

/** One audience or several, none of them empty. */
export const IsAudience = constraint(
  'isAudience',
  'must be a non-empty string or a list of them; write verifyAudience: false to switch the check off',
  (value) => isText(value) || (Array.isArray(value) && value.length > 0 && value.every(isText)),
);

/** A claim's name or path, a list of them, or a function. */
export const IsClaimSetting = constraint(
  'isClaimSetting',
  'must be a claim name, a dotted path ("quotes" keep a segment whole), a list of them, or a function',
  (value) => {
    const isName = (name: unknown): boolean => isText(name) && isClaimPath(name);
    return (
      typeof value === 'function' || isName(value) || (Array.isArray(value) && value.length > 0 && value.every(isName))
    );
  },
);

/** `false`, or the cache's bounds. */
export const IsCacheSetting = constraint(
  'isCacheSetting',
  'must be false or { max, ttlSeconds } with whole numbers of 1 or more',
  (value) => {
    if (value === false) return true;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    return Object.entries(value).every(
      ([name, bound]) => (name === 'max' || name === 'ttlSeconds') && (bound === undefined || isPositiveInteger(bound)),
    );
  },
);

const ownParameters = new Set(
  (
    'client_id client_secret client_assertion client_assertion_type grant_type response_type response_mode redirect_uri ' +
    'state nonce scope code code_verifier code_challenge code_challenge_method device_code refresh_token username password request request_uri'
  ).split(' '),
);

/** Scopes, or patterns of them, each with a list of scopes that it includes. */
export const IsScopeHierarchy = constraint(
  'isScopeHierarchy',
  'must give for each scope a list of scopes, such as { "*:write": ["*:read"] }',
  (value) => {
    const isPattern = (text: unknown): boolean => typeof text === 'string' && /^[^\s:]+(:[^\s:]+)*$/.test(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    return Object.entries(value).every(
      ([key, included]: [string, unknown]) => isPattern(key) && Array.isArray(included) && included.every(isPattern),
    );
  },
);

/** Parameters that clients add to their requests; none of those that the protocol itself sets. @see RFC 6749, RFC 7636, RFC 8628 */
export const IsLoginParameters = constraint(
  'isLoginParameters',
  'must map names of parameters to texts, none of them one that the sign-in sets itself (client_id, scope, …)',
  (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    return Object.entries(value).every(
      ([name, text]) =>
        /^[A-Za-z][A-Za-z0-9_.-]*$/.test(name) && !ownParameters.has(name.toLowerCase()) && isText(text),
    );
  },
);

/** A private key that a client can prove itself with. */
export const IsClientKey = constraint(
  'isClientKey',
  'must be a private key in PEM, or a JWK as JSON: RSA of 2048 bits or more, EC or Ed25519',
  (value) => typeof value === 'string' && clientKeyOf(value) !== undefined,
);

/** A non-empty list of address ranges. */
export const IsCidrList = constraint(
  'isCidrList',
  'must be a non-empty list of address ranges such as 10.0.0.0/8',
  (value) => Array.isArray(value) && value.length > 0 && value.every(isCidr),
);

/** Something that can be asked whether a token is revoked. */
export const IsRevocation = constraint(
  'isRevocation',
  'must be an object with a function isRevoked',
  (value) =>
    typeof value === 'object' && value !== null && 'isRevoked' in value && typeof value.isRevoked === 'function',
);

/** Something that remembers used proofs. */
export const IsReplayStore = constraint(
  'isReplayStore',
  'must be an object with a function remember',
  (value) => typeof value === 'object' && value !== null && 'remember' in value && typeof value.remember === 'function',
);

/** Something that can be called like `fetch`. */
export const IsFetch = constraint('isFetch', 'must be a function like fetch', (value) => typeof value === 'function');

/** Something that can be called. */
export const IsFunction = constraint('isFunction', 'must be a function', (value) => typeof value === 'function');

/** A whole number within bounds, counting seconds or the like. */
export function IsWholeNumberOf(unit: string, min: number, max = Number.MAX_SAFE_INTEGER): PropertyDecorator {
  const bounds = max === Number.MAX_SAFE_INTEGER ? `of ${min} or more` : `between ${min} and ${max}`;
  const isWithin = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
  return constraint('isWholeNumberOf', `must be a whole number ${bounds} (${unit})`, isWithin)();
}

/** A non-empty list of the given words. */
export function IsListOf(words: readonly string[]): PropertyDecorator {
  const isListOf = (value: unknown): boolean =>
    Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string' && words.includes(item));
  return constraint('isListOf', `must be a non-empty list of ${words.join(', ')}`, isListOf)();
}

function constraint(name: string, message: string, validate: (value: unknown) => boolean): () => PropertyDecorator {
  // Where the message does not say so anyhow.
  const isTold = message.includes('non-empty');
  const defaultMessage = (given?: ValidationArguments): string =>
    isEmpty(given?.value) && !isTold ? `${message}, and is empty` : message;
  return () => ValidateBy({ name, validator: { validate, defaultMessage } });
}

/** As an environment variable is that somebody has written without a value. */
function isEmpty(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === '';
}

function isPlain({ pathname, href }: URL): boolean {
  return !href.includes('?') && /^[A-Za-z0-9._~/-]*$/.test(pathname);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && value === value.trim();
}

function isCidr(value: unknown): boolean {
  const [, address = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(typeof value === 'string' ? value : '') ?? [];
  return isIP(address) !== 0 && Number(bits) <= (isIP(address) === 6 ? 128 : 32);
}

function isPositiveInteger(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1;
}
