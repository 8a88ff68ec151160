import type { IncomingMessage } from 'node:http';
import { type ErrorBody, errorBody } from './error-body.js';

/** How many header lines a request may have: more than a client and a row of gateways send together. */
const MAX_HEADER_LINES = 200;

type Head = Pick<IncomingMessage, 'rawHeaders' | 'httpVersion'>;

/** Says what is wrong with the head of a request, if anything is. @see RFC 9112 §3.2 and §6.1, RFC 9110 §10.1.1 */
export function headProblem(head: Head): ErrorBody | undefined {
  if (head.rawHeaders.length > 2 * MAX_HEADER_LINES) {
    return errorBody(431, `The request has more than ${MAX_HEADER_LINES} header lines`);
  }
  const hosts = valuesOf(head, 'host').length;
  if (hosts !== 1 && !(hosts === 0 && head.httpVersion === '1.0')) {
    return errorBody(400, 'There must be one Host header');
  }
  const codings = valuesOf(head, 'transfer-encoding').flatMap((value) => value.split(','));
  if (codings.some((coding) => coding.trim().toLowerCase() !== 'chunked')) {
    return errorBody(400, 'The only transfer coding that is understood is chunked');
  }
  if (head.httpVersion === '1.0' || valuesOf(head, 'expect').length === 0 || expectsContinue(head)) return undefined;
  return errorBody(417, 'The only expectation that can be met is one 100-continue');
}

/** Whether the client waits to be told that its body is wanted. HTTP/1.0 knows nothing of the kind. */
export function expectsContinue(head: Head): boolean {
  const [expectation, ...others] = valuesOf(head, 'expect');
  return head.httpVersion !== '1.0' && others.length === 0 && expectation?.toLowerCase() === '100-continue';
}

function valuesOf({ rawHeaders }: Head, wanted: string): string[] {
  return rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === wanted);
}
