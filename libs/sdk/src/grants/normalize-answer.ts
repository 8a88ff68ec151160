import { printable } from '../text.js';

/** An answer of a token or device authorization endpoint, as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  /** Absent when the body was too long to read. */
  readonly text: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** The members of an error answer: OAuth's own, and what the HTTP answer around it said. @see RFC 6749 §5.2 */
export interface ErrorBody {
  readonly error: string;
  readonly error_description?: string;
  /** Present on `slow_down` from servers that say how slow. */
  readonly interval?: number;
  readonly http_status: number;
  readonly retry_after_seconds?: number;
}

/** A conforming answer: 200 with the members the specifications name and their types, or 400 with an error code. */
export type NormalAnswer =
  { readonly status: 200; readonly body: Record<string, unknown> } | { readonly status: 400; readonly body: ErrorBody };

const DEFAULT_DEVICE_CODE_SECONDS = 600;

/**
 * Turns a provider's answer into a conforming one. The body decides before the status does: `error` is an error even
 * inside a 200, and pending is seen under several statuses.
 */
export function normalizeAnswer(raw: RawAnswer): NormalAnswer {
  if (raw.status >= 300 && raw.status < 400) return failure(raw, 'unexpected_redirect');
  const json = parseObject(raw.text);
  if (json && typeof json.error === 'string' && json.error !== '') return oauthFailure(raw, json, json.error);
  if (raw.status >= 200 && raw.status < 300) return json ? success(json) : notJson(raw);
  if (raw.status === 429) return failure(raw, 'rate_limited', descriptionOf(json));
  if (json && typeof json.errorCode === 'string') return failure(raw, json.errorCode, textOf(json.errorSummary));
  if (raw.status === 404 && !json) return notJson(raw);
  return failure(raw, `http_${raw.status}`, descriptionOf(json));
}

function oauthFailure(raw: RawAnswer, json: Record<string, unknown>, error: string): NormalAnswer {
  const answer = failure(raw, printable(error, 100), descriptionOf(json));
  const interval = numberOf(json.interval);
  return interval === undefined || answer.status !== 400
    ? answer
    : { status: 400, body: { ...answer.body, interval: Math.min(interval, 300) } };
}

function success(json: Record<string, unknown>): NormalAnswer {
  const body = { ...json };
  // The access token is what the platform reads; an ID token is neither used nor kept, so nothing hangs on it.
  delete body.id_token;
  for (const name of ['refresh_token', 'scope'] as const) {
    if (body[name] === null || body[name] === '') delete body[name];
  }
  if (Array.isArray(body.scope)) body.scope = body.scope.join(' ');
  if (typeof body.scope === 'string') body.scope = printable(body.scope, 10_000);
  setOrDelete(body, 'expires_in', lifetimeOf(body.expires_in));
  if (typeof body.device_code === 'string') return { status: 200, body: deviceBody(body) };
  if (body.token_type === undefined) body.token_type = 'Bearer';
  return { status: 200, body };
}

function deviceBody(body: Record<string, unknown>): Record<string, unknown> {
  body.verification_uri ??= body.verification_url;
  for (const name of ['user_code', 'verification_uri', 'verification_uri_complete'] as const) {
    setOrDelete(body, name, textOf(body[name], 2000));
  }
  const interval = numberOf(body.interval);
  setOrDelete(body, 'interval', interval === undefined || interval < 1 ? undefined : Math.min(interval, 60));
  body.expires_in ??= DEFAULT_DEVICE_CODE_SECONDS;
  return body;
}

function notJson(raw: RawAnswer): NormalAnswer {
  const what = raw.text === undefined ? 'a body that is too long' : `content type ${printable(raw.contentType, 80)}`;
  return failure(raw, 'malformed_response', `HTTP ${raw.status} with ${what} instead of JSON`);
}

function failure(raw: RawAnswer, error: string, description?: string): NormalAnswer {
  return {
    status: 400,
    body: {
      error,
      ...(description === undefined ? {} : { error_description: description }),
      http_status: raw.status,
      ...(raw.retryAfterSeconds === undefined ? {} : { retry_after_seconds: raw.retryAfterSeconds }),
    },
  };
}

function descriptionOf(json: Record<string, unknown> | undefined): string | undefined {
  return textOf(json?.error_description) ?? textOf(json?.message) ?? textOf(json?.errorSummary);
}

function setOrDelete(body: Record<string, unknown>, name: string, value: unknown): void {
  if (value === undefined) delete body[name];
  else body[name] = value;
}

function lifetimeOf(value: unknown): number | undefined {
  const seconds = numberOf(value);
  return seconds === undefined || seconds <= 0 ? undefined : Math.min(Math.floor(seconds), 315_360_000);
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'string' && value.trim() === '') return undefined;
  const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
  return Number.isFinite(number) && number >= 0 ? number : undefined;
}

function textOf(value: unknown, maxLength?: number): string | undefined {
  const text = typeof value === 'string' ? printable(value, maxLength) : '';
  return text === '' ? undefined : text;
}

function parseObject(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse((text ?? '').replace(/^\uFEFF/, ''));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>) // JSON objects have string keys
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
