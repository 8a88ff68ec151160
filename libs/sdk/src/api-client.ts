import { addressSources } from './address-sources.js';
import type { AnswerShape } from './answer-shape.js';
import { failureOf, parseJson } from './api-error.js';
import { MAX_API_BODY_BYTES, readCappedBody } from './capped-body.js';
import { ConnectionError, NeMoError, SignInError, UnexpectedAnswerError } from './errors.js';
import type { HttpContext } from './http-context.js';
import { requestSignal } from './http-context.js';
import { isTimeout, networkAdvice, networkProblem } from './network-problem.js';
import { fetchThroughSlash } from './redirect.js';
import type { RetryPolicy } from './retry.js';
import { waitBeforeRetry } from './retry.js';
import type { Settings } from './settings.js';
import type { TokenSource } from './token-source.js';
import { unlikeThePlatform } from './unexpected-answer.js';

/** Where requests go and with whose token. */
export interface ApiConnection {
  readonly tokens: TokenSource;
  /** What holds for this client; errors take their advice from it. */
  readonly settings: Settings;
}

/** One call of the platform's API. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** How much longer than others it may take. */
  readonly extraTimeMs?: number;
}

/** A request as it was sent: to which platform, and with which token. */
export interface SentRequest {
  readonly request: ApiRequest;
  readonly settings: Settings;
  readonly token: string | undefined;
}

/** Calls the platform: token in, JSON out. A token that is refused as invalid is replaced once, and the call repeated; what a busy server did not do, too. */
export class ApiClient {
  private connection: Promise<ApiConnection> | undefined;

  /** @param connect Settles the connection at the first call, so that making a client does no work. */
  constructor(
    private readonly connect: () => Promise<ApiConnection>,
    private readonly http: HttpContext,
    private readonly retryPolicy: RetryPolicy,
  ) {}

  /**
   * @param shape What the answer must be like; it is given back as it came.
   * @throws {ApiError} when the platform answers with an error.
   * @throws {SignInRequiredError} when it wants a token and there is none.
   * @throws {ConnectionError} when it does not answer.
   * @throws {UnexpectedAnswerError} when what answers is not the platform.
   */
  async call(request: ApiRequest, shape: AnswerShape): Promise<unknown> {
    const { settings, tokens } = await this.connected();
    const token = await tokens.accessToken();
    const sent: SentRequest = { request, settings, token };
    const response = await this.sendPatiently(sent);
    if (token === undefined || !refusesToken(response)) return this.resultOf(response, sent, shape);
    const replacement = await tokens.replacementFor(token);
    if (replacement === undefined || replacement === token) return this.resultOf(response, sent, shape);
    await response.body?.cancel();
    const repeated = { ...sent, token: replacement };
    return this.resultOf(await this.sendPatiently(repeated), repeated, shape);
  }

  /** The workspace to take when none is named. */
  async defaultWorkspace(): Promise<string> {
    return (await this.connected()).settings.workspace;
  }

  private async connected(): Promise<ApiConnection> {
    this.connection ??= this.connect();
    try {
      return await this.connection;
    } catch (error) {
      this.connection = undefined;
      throw error;
    }
  }

  private async sendPatiently(sent: SentRequest): Promise<Response> {
    for (let retries = 0; ; retries += 1) {
      const response = await this.send(sent);
      const wait = waitBeforeRetry(sent.request, response, retries, this.retryPolicy);
      if (wait === undefined) return response;
      await response.body?.cancel();
      await this.retryPolicy.clock.sleep(wait, this.http.signal);
    }
  }

  private async send({ request, settings, token }: SentRequest): Promise<Response> {
    if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
      // Said here: what fetch says of such a header repeats the token.
      throw new SignInError(
        'malformed_token',
        `The access token is empty, or holds blanks or characters that no token has. ${tokenAdvice(settings)}`,
      );
    }
    const { baseUrl } = settings;
    const url = new URL(baseUrl + request.path);
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const { signal, timeoutMs } = this.http;
    const headers = {
      accept: 'application/json',
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    try {
      return await fetchThroughSlash(this.http.fetch, url, {
        method: request.method,
        headers,
        signal: requestSignal({ signal, timeoutMs: timeoutMs + (request.extraTimeMs ?? 0) }),
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      });
    } catch (error) {
      throw this.connectionError(error, baseUrl);
    }
  }

  private async resultOf(response: Response, sent: SentRequest, shape: AnswerShape): Promise<unknown> {
    const { baseUrl } = sent.settings;
    const text = await readCappedBody(response, MAX_API_BODY_BYTES).catch((error: unknown) => {
      throw this.connectionError(error, baseUrl);
    });
    if (!response.ok) throw failureOf(response, text ?? '', sent);
    const value = parseJson(text ?? '');
    const problem = value === undefined ? noJson(text) : shape(value, '');
    if (problem === undefined) return value;
    throw new UnexpectedAnswerError(unlikeThePlatform(baseUrl, problem));
  }

  private connectionError(error: unknown, baseUrl: string): ConnectionError {
    this.http.signal?.throwIfAborted();
    if (error instanceof NeMoError) throw error;
    const message = `The platform at ${baseUrl} could not be reached (${networkProblem(error)}).`;
    const advice = networkAdvice(error, `Check that it is running and that the address is right (${addressSources})`);
    return new ConnectionError(`${message} ${advice}`, {
      cause: error,
      timedOut: isTimeout(error),
    });
  }
}

function tokenAdvice({ credentials, signInCommand }: Settings): string {
  if (credentials.from === 'argument') return 'Check accessToken';
  return credentials.from === 'environment'
    ? `Check NMP_ACCESS_TOKEN, or run: ${signInCommand}`
    : `Run: ${signInCommand}`;
}

function noJson(text: string | undefined): string {
  if (text === undefined) return `its answer is longer than ${MAX_API_BODY_BYTES / 1_048_576} MiB`;
  return text.trim() === '' ? 'its answer is empty' : 'its answer is not JSON';
}

/**
 * Any other refusal would meet another token of the same person just as well. A server that leaves the challenge out, which
 * none should, may mean the token.
 * @see RFC 6750 §3.1
 */
function refusesToken(response: Response): boolean {
  return response.status === 401 && /error="?invalid_token|^$/.test(response.headers.get('www-authenticate') ?? '');
}
