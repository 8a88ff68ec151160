import { SigningKey, signJws, TestIssuer } from '@nmp/auth/testing';

/** Makes a provider's tokens and publishes its keys in the form that was recorded of it. */
export class Mint {
  #issuer;
  #firstKid;
  #keys = [];
  #unused;
  #made = 0;

  constructor(issuer, firstKid, unused) {
    this.#issuer = issuer;
    this.#firstKid = firstKid;
    this.#unused = unused;
  }

  /** @param {string} firstKid what the key is called that signs at first */
  static async start(firstKid) {
    const mint = new Mint(await TestIssuer.start(), firstKid, await SigningKey.generate('RS256', 'another-key'));
    await mint.rotateKeys();
    return mint;
  }

  /** Signs with a new key from now on; those before stay published. */
  async rotateKeys() {
    const key = await this.#issuer.rotateKeys();
    const kid = this.#keys.length === 0 ? this.#firstKid : `${this.#firstKid}-${this.#keys.length + 1}`;
    this.#keys.unshift(key.renamed(kid));
  }

  /**
   * The key set as a document of this provider has it.
   *
   * @param {readonly string[]} members that its keys have
   * @param {string} issuer that they name, where they name one
   */
  async keySet(members, issuer) {
    this.#issuer.publish([...this.#keys, this.#unused].map((key) => entryOf(key, members, issuer)));
    const answer = await fetch(this.#issuer.jwksUri);
    return answer.json();
  }

  /**
   * A token like a recorded one, issued now.
   *
   * @param {object} recorded
   * @param {{ lifeSeconds?: number, keepsScope?: (scope: string) => boolean }} difference
   */
  token(recorded, { lifeSeconds, keepsScope = () => true } = {}) {
    this.#made += 1;
    const { access_token_raw: raw, access_token_header: header, access_token_claims: claims, signing } = recorded;
    if (raw !== undefined) return `${raw}-${this.#made}`;
    const [key] = this.#keys;
    const kid = signing.kid_in_primary_jwks ? key.kid : header.kid;
    const named = { ...header, kid, ...(header.x5t !== undefined && { x5t: kid }) };
    const token = signJws(named, this.#claims(claims, lifeSeconds, keepsScope), key);
    return signing.signature_valid ? token : broken(token);
  }

  async close() {
    await this.#issuer.close();
  }

  #claims(recorded, lifeSeconds, keepsScope) {
    const now = Math.floor(Date.now() / 1000) - recorded.iat.$now;
    const claims = withTimes(recorded, now);
    for (const name of ['scope', 'scp']) {
      if (claims[name] === undefined) continue;
      const list = [claims[name]].flat().flatMap((value) => value.split(' '));
      const kept = list.filter(keepsScope);
      claims[name] = Array.isArray(claims[name]) ? kept : kept.join(' ');
    }
    return {
      ...claims,
      ...(lifeSeconds !== undefined && { exp: claims.iat + lifeSeconds }),
      ...(claims.jti !== undefined && { jti: `${claims.jti}-${this.#made}` }),
      ...(claims.uti !== undefined && { uti: `${claims.uti}-${this.#made}` }),
    };
  }
}

function entryOf({ jwk, kid, publicKey }, members, issuer) {
  const certificate = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const all = { ...jwk, kid, x5t: kid, 'x5t#S256': kid, x5c: [certificate], issuer, nbf: 0 };
  return Object.fromEntries(members.map((name) => [name, all[name]]));
}

/** Replaces `{ $now: seconds }` by a time. */
function withTimes(value, now) {
  if (Array.isArray(value)) return value.map((item) => withTimes(item, now));
  if (typeof value !== 'object' || value === null) return value;
  if ('$now' in value) return '$as' in value ? String(now + value.$now) : now + value.$now;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withTimes(member, now)]));
}

/** Changes the signature in its middle. */
function broken(token) {
  const at = token.lastIndexOf('.') + 40;
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
}
