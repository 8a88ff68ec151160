import { readFileSync } from 'node:fs';

const KEY_BYTES = 32;

/** Reads a key from a file, or adds a line to `problems` that says what is wrong with the setting. */
export function readEncryptionKey(setting: string, path: string, problems: string[]): Uint8Array | undefined {
  const rule = `${setting} must be the path of a file with ${KEY_BYTES} bytes in base64 (openssl rand -base64 ${KEY_BYTES})`;
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    problems.push(`${rule}: ${(error as NodeJS.ErrnoException).code ?? 'it cannot be read'}`);
    return undefined;
  }
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === KEY_BYTES && bytes.toString('base64') === text) return bytes;
  problems.push(rule);
  return undefined;
}
