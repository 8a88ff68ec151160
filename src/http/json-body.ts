import { RequestBodyError } from './request-body-error.js';

/** How deep arrays and objects may lie in each other. */
export const MAX_JSON_DEPTH = 32;
/** How many strings, brackets and commas there may be in all. */
export const MAX_JSON_VALUES = 10_000;

/**
 * Parses the JSON of a body. What is too deep or too much is found in the text, before anything is made of it, so that
 * nothing behind this has to be safe against it.
 * @throws {RequestBodyError} 400 when it is not UTF-8 or not JSON, or has more in it than anybody needs.
 */
export function parseJson(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  checkSize(text);
  try {
    return JSON.parse(text, refuseSpecialMembers) as unknown;
  } catch (error) {
    throw error instanceof RequestBodyError ? error : new RequestBodyError(400, 'The body is not valid JSON');
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new RequestBodyError(400, 'The body is not valid UTF-8');
  }
}

/** Counts brackets and commas outside of strings; whether they stand where they may is for the parser to say. */
function checkSize(text: string): void {
  let depth = 0;
  let values = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at);
    else if (character === ']' || character === '}') depth--;
    else if (character === '[' || character === '{') depth++;
    else if (character !== ',') continue;
    values++;
    if (depth > MAX_JSON_DEPTH) throw tooMuch(`more than ${MAX_JSON_DEPTH} levels`);
    if (values > MAX_JSON_VALUES) throw tooMuch(`more than ${MAX_JSON_VALUES} values`);
  }
}

/** Where the string that begins at `start` ends; a backslash takes the character after it along. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

function tooMuch(what: string): RequestBodyError {
  return new RequestBodyError(400, `The body has ${what}`);
}

/** Members that mean something to JavaScript itself. */
function refuseSpecialMembers(name: string, value: unknown): unknown {
  if (name !== '__proto__' && name !== 'constructor') return value;
  throw new RequestBodyError(400, `The body must not have a member ${name}`);
}
