import { noPlatformAdvice, adviceForFailure } from './api-advice.js';
import type { SentRequest } from './api-client.js';
import { errorSentence } from './error-sentence.js';
import {
  ApiError,
  BadRequestError,
  ConflictError,
  ForbiddenError,
  NotFoundError,
  RateLimitedError,
  ServerError,
  type SignInRequiredError,
  UnauthorizedError,
} from './errors.js';
import { redirectTarget } from './redirect.js';
import { signInRequired } from './sign-in-required.js';
import { printable } from './text.js';

/** The code of an error when what answered is no platform. */
export const NOT_A_PLATFORM = 'not_a_platform';

const errorByStatus: Readonly<Record<number, typeof ApiError>> = {
  400: BadRequestError,
  401: UnauthorizedError,
  403: ForbiddenError,
  404: NotFoundError,
  409: ConflictError,
  429: RateLimitedError,
};

/** The error an answer of the platform, or of a gateway before it, stands for. */
export function failureOf(response: Response, text: string, sent: SentRequest): ApiError | SignInRequiredError {
  const body = parseJson(text);
  const members = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const { status } = response;
  const isForeign = status === 404 && errorSentence(members.detail) === undefined;
  const code = isForeign ? NOT_A_PLATFORM : printable(textOf(members.code) ?? `http_${status}`, 100);
  const detail = isForeign
    ? `There is no platform at ${sent.settings.baseUrl}: what answers there does not know ${sent.request.path}`
    : detailOf(response, members, sent.settings.baseUrl);
  const advice = isForeign ? noPlatformAdvice(sent.settings) : adviceForFailure(response, { ...sent, code, detail });
  const Kind = errorByStatus[status] ?? (status >= 500 ? ServerError : ApiError);
  const requestId = textOf(printable(response.headers.get('x-request-id') ?? '', 200));
  const error = new Kind(status, code, detail, requestId, { advice });
  return status === 401 && sent.token === undefined ? signInRequired(sent.settings, error) : error;
}

function detailOf(response: Response, members: Record<string, unknown>, baseUrl: string): string {
  const { status } = response;
  const location = response.headers.get('location');
  if (location !== null && status >= 300 && status < 400) {
    return `The platform redirects to ${redirectTarget(location, baseUrl)}; requests do not follow`;
  }
  return printable(
    errorSentence(members.detail) ?? textOf(members.message) ?? (response.statusText || `HTTP ${status}`),
    2000,
  );
}

/** The value of a JSON text, or `undefined` if it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
