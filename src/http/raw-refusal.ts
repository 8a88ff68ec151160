import { type ErrorBody, errorBody } from './error-body.js';
import { apiHeaders } from './security-headers.js';

/** Says what is wrong with a request that could not be read as HTTP, by the code of Node's error. */
export function rawRefusal({ code = '' }: NodeJS.ErrnoException): ErrorBody {
  const [status, detail] = refusals[code] ?? [400, 'The request is not valid HTTP'];
  return errorBody(status, detail);
}

const refusals: Readonly<Record<string, readonly [status: number, detail: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request was not sent in time'],
  HPE_HEADER_OVERFLOW: [431, 'The headers of the request are too large'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The chunk extensions of the request are too large'],
  HPE_INVALID_METHOD: [400, 'The method of the request is not known'],
};

/** A whole answer as it goes over the wire, for a connection that has no response object. */
export function rawAnswer(body: ErrorBody, requestId: string): string {
  const content = JSON.stringify(body);
  const headers = Object.entries(refusalHeaders(content, requestId)).map(([name, value]) => `${name}: ${value}`);
  return `HTTP/1.1 ${body.statusCode} ${body.error}\r\n${headers.join('\r\n')}\r\n\r\n${content}`;
}

/** Headers of an answer that ends its connection. */
function refusalHeaders(content: string, requestId: string): Record<string, string> {
  return {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(content)),
    'X-Request-Id': requestId,
    ...apiHeaders,
    Connection: 'close',
  };
}
