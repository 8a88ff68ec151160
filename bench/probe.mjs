import { forged } from './tokens.mjs';

/**
 * Makes sure that what is measured does what it is measured for: that it answers, and that a guard looks at signatures.
 *
 * @param {string} name of the application, for the message
 * @param {string} url
 * @param {{ token: string, isOpen: boolean }} expected
 * @throws {Error} when a good token is refused, or one with an altered signature is not
 */
export async function probe(name, url, { token, isOpen }) {
  // The good one first: a token with an altered signature must not pass for one that is remembered, either.
  const good = await statusFor(url, token);
  if (good !== 200) throw new Error(`${name} answered ${good} to a good token`);
  const bad = await statusFor(url, forged(token));
  const expected = isOpen ? 200 : 401;
  if (bad !== expected) throw new Error(`${name} answered ${bad} instead of ${expected} to a forged token`);
}

async function statusFor(url, token) {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  await response.arrayBuffer();
  return response.status;
}
