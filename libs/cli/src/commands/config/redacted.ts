import { decodeUnverifiedClaims } from '@nmp/tokens';

const REDACTED = '***REDACTED***';

// Keys are compared as `apikey`, however they are written: api_key, API-Key, apiKey.
const secretKey = /(?:tokens?|keys?|jwt|bearer|cookie)$|secret|passw|passphrase|credential|authorization/;
const userInfo = /([a-z][a-z\d+.-]*:\/\/)[^/?#\s]*@/gi;
const queryParameter = /([?&#])([^=&#\s]+)=([^&#\s]+)/g;

/** A value without the secrets in it: what a secret's key names, passwords in addresses, tokens wherever they are. */
export function redacted(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => redacted(item, key));
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
    const members = Object.entries(value).map(([name, member]) => [name, redacted(member, isSecret(key) ? key : name)]);
    return Object.fromEntries(members);
  }
  if (isSecret(key)) return value === null || value === '' ? value : REDACTED;
  return typeof value === 'string' ? withoutSecrets(value) : value;
}

function isSecret(key: string): boolean {
  return secretKey.test(key.toLowerCase().replaceAll(/[^a-z\d]/g, ''));
}

function withoutSecrets(text: string): string {
  if (decodeUnverifiedClaims(text)) return REDACTED;
  return text
    .replaceAll(userInfo, `$1${REDACTED}@`)
    .replaceAll(queryParameter, (parameter, sign: string, name: string) =>
      isSecret(name) ? `${sign}${name}=${REDACTED}` : parameter,
    );
}
