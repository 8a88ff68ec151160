import { RequestBodyError } from './request-body-error.js';

/** How deep arrays and objects may lie in each other. */
export const MAX_JSON_DEPTH = 32;
/** How many strings, brackets and commas there may be in all. */
export const MAX_JSON_VALUES = 10_000;

/**
 * Parses the JSON of a body. What is too deep or too much is found in the text, before anything is made of it, so that
 * nothing behind this has to be safe against it.
 * @throws {RequestBodyError} 400 when it is not UTF-8 or not JSON, has a member twice, or more in it than anybody needs.
 */
export function parseJson(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  checkSize(text);
  let kept = 0;
  let body: unknown;
  try {
    body = JSON.parse(text, (name, value: unknown) => {
      refuseSpecialMember(name);
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) kept += Object.keys(value).length;
      return value;
    });
  } catch (error) {
    throw error instanceof RequestBodyError ? error : new RequestBodyError(400, 'The body is not valid JSON');
  }
  // JSON.parse keeps the last of two equal names; who looked at the body before may have kept the first.
  if (kept !== countMembers(text)) throw new RequestBodyError(400, 'The body has a member twice');
  return body;
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

/** Counts the members of all objects as they are written: the colons outside of strings. `text` is valid JSON. */
function countMembers(text: string): number {
  let members = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') at = endOfString(text, at);
    else if (text[at] === ':') members++;
  }
  return members;
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
function refuseSpecialMember(name: string): void {
  if (name !== '__proto__' && name !== 'constructor') return;
  throw new RequestBodyError(400, `The body must not have a member ${name}`);
}
