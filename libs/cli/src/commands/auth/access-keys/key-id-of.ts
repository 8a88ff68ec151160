import type { AccessKeys } from '@nmp/sdk';

/** The id of the key that is meant. What is neither a name nor an id is sent as it is, for the platform to say so. */
export async function keyIdOf(keys: AccessKeys, named: string): Promise<string> {
  if (isKeyId(named)) return named;
  const key = await keys.find(named);
  return key?.jti ?? named;
}

/** Whether a text has the form of a key's id; no name is taken for one. */
export function isKeyId(named: string): boolean {
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(named);
}
