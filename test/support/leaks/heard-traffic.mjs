import { subscribe } from 'node:diagnostics_channel';

const secretHeader = /^(?:dpop|cookie|proxy-authorization)$|secret|token|gateway/;
const secretMember =
  /^(?:(?:access|refresh|id|subject|actor)_token|token|code|device_code|code_verifier|client_secret|client_assertion|password)$/;
const members = /"((?:access|refresh|id)_token|device_code|client_secret|token)"\s*:\s*"([^"\\]+)"/g;
/** Longer bodies are tests of limits. */
const longestBody = 65_536;

/**
 * Tells the secrets in the requests and answers of every HTTP server of this process, and in the headers that it sends itself.
 *
 * @param {(kind: string, value: unknown) => void} tell
 */
export function hearTraffic(tell) {
  subscribe('undici:request:create', ({ request: { headers: sent } }) => {
    const headers = typeof sent === 'string' ? sent.split(/\r\n|: /) : sent;
    for (let at = 0; at + 1 < headers.length; at += 2) tellHeader(String(headers[at]), String(headers[at + 1]), tell);
  });
  subscribe('http.client.request.start', ({ request }) => {
    for (const [name, value] of Object.entries(request.getHeaders())) tellHeader(name, String(value), tell);
  });
  subscribe('http.server.request.start', ({ request, response }) => {
    for (const [name, value] of Object.entries(request.headers)) tellHeader(name, [value].flat().join(', '), tell);
    tellMembers(queryOf(request.url), tell);
    hear(request, 'push', (body) => {
      const isForm = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
      if (isForm) tellMembers(new URLSearchParams(body), tell);
      else tellJson(body, tell);
    });
    hearHead(response, tell);
    for (const method of ['write', 'end']) hear(response, method, (body) => tellJson(body, tell));
  });
}

/** Listens to the headers of an answer, those that were set before included. */
function hearHead(response, tell) {
  const { writeHead } = response;
  response.writeHead = function (status, ...rest) {
    const given = rest.find((arg) => typeof arg === 'object' && arg !== null) ?? {};
    for (const [name, value] of Object.entries({ ...this.getHeaders(), ...given })) {
      for (const line of [value].flat().map(String)) {
        if (/^set-cookie$/i.test(name)) tell('cookie', /^[^=]*=([^;]*)/.exec(line)?.[1]);
        if (/^location$/i.test(name)) tellMembers(queryOf(line), tell);
      }
    }
    return writeHead.call(this, status, ...rest);
  };
}

/** Listens to a method that is given a piece of a body. */
function hear(stream, method, listen) {
  const original = stream[method];
  stream[method] = function (chunk, ...rest) {
    const isBody = typeof chunk === 'string' || chunk instanceof Uint8Array;
    if (isBody && chunk.length <= longestBody) listen(Buffer.from(chunk).toString());
    return original.call(this, chunk, ...rest);
  };
}

function tellHeader(written, value, tell) {
  const name = written.toLowerCase();
  if (name === 'authorization') tellCredentials(value, tell);
  else if (name === 'cookie') for (const [, cookie] of value.matchAll(/[^=;\s]+=([^;]+)/g)) tell('cookie', cookie);
  else if (secretHeader.test(name)) tell(`header ${name}`, value);
}

function tellCredentials(value, tell) {
  const [, scheme, credentials = ''] = /^(\w+) (.+)$/.exec(value) ?? [];
  if (scheme?.toLowerCase() === 'basic') {
    const [, secret = ''] = /:(.*)/s.exec(Buffer.from(credentials, 'base64').toString()) ?? [];
    tell('client secret', secret);
    tell('client secret', decoded(secret));
  } else if (scheme !== undefined && !credentials.startsWith('service:')) tell('token', credentials); // that is a name
}

function queryOf(url) {
  return new URLSearchParams(/\?([^#]*)/.exec(String(url ?? ''))?.[1]);
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function tellMembers(parameters, tell) {
  for (const [name, value] of parameters) if (secretMember.test(name)) tell(name.replaceAll('_', ' '), value);
}

function tellJson(text, tell) {
  for (const [, name, value] of text.matchAll(members)) tell(name.replaceAll('_', ' '), value);
}
