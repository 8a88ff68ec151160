import {
  AuthConfigError,
  isAuthError,
  isSecureUrl,
  parseUrl,
  PolicyTimeoutError,
  PolicyUnavailableError,
} from '@nmp/tokens';
import type { FetchFunction } from '../auth-options.js';
import { environmentFetch } from '../environment-fetch.js';
import { within } from '../token/time-limit.js';

/** The longest answer that is read, in bytes. */
const MAX_ANSWER_BYTES = 65_536;

/** How a policy server is reached. */
export interface PolicyServerOptions {
  /** Where it is, without a path. */
  url: string;
  /** Allow plain http to another machine, inside a network that nobody else listens in. @default false */
  allowInsecureHttp?: boolean;
  /** How long an answer may take, body included, in milliseconds. @default 2000 */
  timeoutMs?: number;
  /** @default the global fetch, through the proxy of `HTTPS_PROXY` */
  fetch?: FetchFunction;
}

/** Asks a policy server over HTTP; what cannot be understood is no answer. */
export class PolicyServer {
  private readonly root: string;
  private readonly timeoutMs: number;
  private readonly fetch: FetchFunction;

  /** @throws {AuthConfigError} when the address could be listened to on the way. */
  constructor(options: PolicyServerOptions, path: string) {
    const { url, allowInsecureHttp = false, timeoutMs = 2000, fetch = environmentFetch() } = options;
    if (parseUrl(url) === undefined || !(allowInsecureHttp || isSecureUrl(url))) {
      throw new AuthConfigError([
        `${url} must be an https URL (plain http only on this machine, or with allowInsecureHttp)`,
      ]);
    }
    this.root = `${url.replace(/\/+$/, '')}${path}`;
    this.timeoutMs = timeoutMs;
    this.fetch = fetch;
  }

  /**
   * Posts the input to an entrypoint and returns the member of the result that is asked for.
   * @throws {PolicyTimeoutError} when there is no answer in time.
   * @throws {PolicyUnavailableError} for every other answer than 200 with `{ result: { [member]: boolean } }`.
   */
  async ask(
    entrypoint: string,
    input: object,
    member: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<boolean> {
    const url = `${this.root}/${entrypoint}`;
    const controller = new AbortController();
    const late = (): Error => {
      controller.abort();
      return new PolicyTimeoutError(`${url} did not answer within ${this.timeoutMs} ms`);
    };
    try {
      // The wait ends even if the given fetch does not heed the signal.
      const answer = await within(
        this.timeoutMs,
        post(this.fetch, url, { headers, body: JSON.stringify({ input }), signal: controller.signal }),
        late,
      );
      const value = resultOf(answer)?.[member];
      if (typeof value === 'boolean') return value;
      throw new PolicyUnavailableError(`${url} did not answer { result: { ${member}: true or false } }`);
    } catch (error) {
      if (isAuthError(error)) throw error;
      throw new PolicyUnavailableError(`${url} cannot be asked: ${String(error)}`, { cause: error });
    }
  }
}

interface PolicyRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

async function post(fetch: FetchFunction, url: string, request: PolicyRequest): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    ...request,
    headers: { accept: 'application/json', 'content-type': 'application/json', ...request.headers },
    redirect: 'manual',
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new PolicyUnavailableError(`${url} answered with status ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    const bytes: Uint8Array = chunk;
    size += bytes.length;
    if (size > MAX_ANSWER_BYTES) throw new PolicyUnavailableError(`${url} answered with more than 64 KiB`);
    chunks.push(bytes);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

function resultOf(answer: unknown): Record<string, unknown> | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const { result } = answer as { result?: unknown };
  return typeof result === 'object' && result !== null ? (result as Record<string, unknown>) : undefined;
}
