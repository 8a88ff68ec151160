import {
  ApiError,
  BadRequestError,
  ConflictError,
  ForbiddenError,
  NotFoundError,
  RateLimitedError,
  ServerError,
  UnauthorizedError,
} from './errors.js';
import { printable } from './text.js';

const errorByStatus: Readonly<Record<number, typeof ApiError>> = {
  400: BadRequestError,
  401: UnauthorizedError,
  403: ForbiddenError,
  404: NotFoundError,
  409: ConflictError,
  429: RateLimitedError,
};

/** The error an answer of the platform, or of a gateway before it, stands for. */
export function apiErrorOf(response: Response, text: string): ApiError {
  const body = parseJson(text);
  const members = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const { status } = response;
  const location = response.headers.get('location');
  const detail =
    location !== null && status >= 300 && status < 400
      ? `The platform redirects to ${URL.canParse(location) ? new URL(location).origin : 'elsewhere'}; requests do not follow. Use that address if it is right`
      : printable(textOf(members.detail) ?? textOf(members.message) ?? (response.statusText || `HTTP ${status}`), 2000);
  const Kind = errorByStatus[status] ?? (status >= 500 ? ServerError : ApiError);
  const requestId = response.headers.get('x-request-id') ?? undefined;
  return new Kind(status, printable(textOf(members.code) ?? `http_${status}`, 100), detail, requestId);
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
