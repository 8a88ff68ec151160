// What a server can do to a document: each takes the request, the response, and what would answer rightly.
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const gigabyte = 1_073_741_824;
const chunk = Buffer.alloc(65_536, ' ');
const dripMs = 50;

/** Answers with a status and nothing to the point. */
export function withStatus(status, headers = {}) {
  return (_request, response) => response.writeHead(status, headers).end('{}');
}

/** Answers with a page, as a login page or a proxy in between does. */
export function withPage(_request, response) {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Sign in to the network</body></html>');
}

/** Promises more than it sends, and closes the connection. */
export function truncated(_request, response) {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '4096' });
  response.write('{"keys":[{"kty":"EC",', () => response.destroy());
}

/** Sends a gigabyte, as fast as it is taken. */
export async function endless(_request, response) {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(gigabyte) });
  await pipeline(chunks(), response).catch(() => {}); // nobody reads on
}

function* chunks() {
  for (let sent = 0; sent < gigabyte; sent += chunk.length) yield chunk;
}

/** Sends a byte now and then. */
export async function dripping(_request, response) {
  response.writeHead(200, { 'content-type': 'application/json' });
  while (!response.destroyed) {
    response.write(' ');
    await sleep(dripMs);
  }
}

/** Sends whoever asks to where they have just been. */
export function redirecting(request, response) {
  response.writeHead(302, { location: request.url }).end();
}

/** Answers rightly, but late. */
export function late(delayMs) {
  return async (_request, _response, answer) => {
    await sleep(delayMs);
    await answer();
  };
}
