import { InvalidRequestError } from '@nmp/tokens';
import type { HttpRequest } from '../carriers/http.js';

/** What a subprotocol begins with that is none, but a token: browsers let no script set another header of a handshake. */
const TOKEN_PROTOCOL = 'nmp.bearer.';

/** A request that opens a connection, as Node has it. */
export interface HandshakeRequest extends HttpRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
}

/** A copy that stays as it is when the request is changed for those who come after the guard. */
export function copyOf(request: HandshakeRequest): HandshakeRequest {
  const { headers, rawHeaders = [], socket, method, url } = request;
  return { headers: { ...headers }, rawHeaders: [...rawHeaders], ...(socket && { socket }), method, url };
}

/** Adds a token that came beside the headers, as if it were in one: beside another it makes two, which is refused. */
export function withToken(request: HandshakeRequest, token: unknown): HandshakeRequest {
  if (token === undefined || token === null) return request;
  if (typeof token !== 'string') throw new InvalidRequestError('the token of the handshake must be a text');
  const sent = request.headers.authorization;
  if (typeof sent === 'string' && /^bearer /i.test(sent) && sent.slice(7) === token) return request;
  const { headers, rawHeaders = [] } = request;
  return {
    ...request,
    headers: { ...headers, authorization: sent ?? `Bearer ${token}` },
    rawHeaders: [...rawHeaders, 'Authorization', `Bearer ${token}`],
  };
}

/** The token that a request was verified by, whatever its scheme; `undefined` where a gateway named the caller. */
export function bearerTokenOf({ headers: { authorization } }: HandshakeRequest): string | undefined {
  return typeof authorization === 'string' ? authorization.slice(authorization.indexOf(' ') + 1) : undefined;
}

/**
 * Takes the token out of the list of subprotocols, so that no answer and no handler can have it.
 * @returns the token, if one is there.
 * @throws {InvalidRequestError} when there are several, or nothing is left that the server could choose.
 */
export function takeTokenProtocol(request: HandshakeRequest): string | undefined {
  const offered = protocolsOf(request);
  const tokens = offered.filter((protocol) => protocol.startsWith(TOKEN_PROTOCOL));
  const rest = offered.filter((protocol) => !protocol.startsWith(TOKEN_PROTOCOL));
  const [token] = tokens;
  if (token === undefined) return undefined;
  replaceProtocols(request, rest.join(', '));
  if (tokens.length > 1) throw new InvalidRequestError('several subprotocols with a token were offered');
  // RFC 6455 §4.1: a client that offers subprotocols gives up when none is chosen.
  if (rest.length === 0) throw new InvalidRequestError('beside the token a subprotocol must be offered');
  return decoded(token.slice(TOKEN_PROTOCOL.length));
}

const PROTOCOLS = 'sec-websocket-protocol';

function protocolsOf({ headers }: HandshakeRequest): string[] {
  return [headers[PROTOCOLS] ?? []].flat().flatMap((list) => list.split(',').map((protocol) => protocol.trim()));
}

function replaceProtocols({ headers, rawHeaders = [] }: HandshakeRequest, protocols: string): void {
  for (let at = rawHeaders.length - 2; at >= 0; at -= 2) {
    if (rawHeaders[at]?.toLowerCase() === PROTOCOLS) rawHeaders.splice(at, 2);
  }
  delete headers[PROTOCOLS];
  if (protocols === '') return;
  headers[PROTOCOLS] = protocols;
  rawHeaders.push('Sec-WebSocket-Protocol', protocols);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new InvalidRequestError('the token among the subprotocols is not percent-encoded', { cause });
  }
}
