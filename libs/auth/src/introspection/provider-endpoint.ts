import type * as Oauth from 'oauth4webapi';
import type { AuthConfig } from '../auth-config.js';
import { DocumentFetchError, fetchText } from '../keys/fetch-document.js';
import type { TrustedIssuer } from '../keys/trusted-issuers.js';

/** The longest answer that is read: it is kept for every token that was looked up. */
const MAX_ANSWER_BYTES = 65_536;

/** What is asked about tokens. @throws {DocumentFetchError} when it gives no answer that can be used. */
export interface ClaimsSource {
  /** What is said of a token; `undefined`: that it is not active. */
  claimsOf(token: string): Promise<Record<string, unknown> | undefined>;
}

/** What a request with oauth4webapi needs. */
export interface EndpointRequest {
  readonly oauth: typeof Oauth;
  readonly url: string;
  readonly server: Oauth.AuthorizationServer;
  /** How it is sent: within the limits of all requests to providers. */
  readonly sending: ReturnType<typeof sendingOf>;
}

/** An endpoint of an issuer's that is asked about tokens: where it is, and how it is reached. */
export class ProviderEndpoint {
  constructor(
    private readonly name: 'introspection_endpoint' | 'userinfo_endpoint',
    private readonly configured: string | undefined,
    private readonly issuer: TrustedIssuer,
    private readonly config: AuthConfig,
  ) {}

  /** @throws {DocumentFetchError} when nobody says where the endpoint is. */
  async prepare(): Promise<EndpointRequest> {
    const url = this.configured ?? (await this.issuer.metadata.address(this.name));
    // Loaded for those who have a use for it.
    const oauth = await import('oauth4webapi');
    const server = { issuer: this.issuer.config.issuer, [this.name]: url };
    return { oauth, url, server, sending: sendingOf(oauth, url, this.config) };
  }
}

/**
 * The words of a provider about a token, taken from its answer.
 * @throws {DocumentFetchError} when it is not of the form that the specification has.
 */
export async function readAnswer<T>(url: string, response: Response, read: () => Promise<T>): Promise<T> {
  const type = response.headers.get('content-type') ?? '';
  // A signed answer was not asked for, and its signature would not be looked at.
  if (!/^application\/json\s*(;|$)/i.test(type)) throw new DocumentFetchError(`${url} did not answer with JSON`);
  try {
    return await read();
  } catch (error) {
    // What the library says holds the answer, and so perhaps more than belongs into a log.
    throw new UnreadableAnswerError(url, error);
  }
}

/** The answer is not what the specification has. `given` is its body, as far as it could be read. */
export class UnreadableAnswerError extends DocumentFetchError {
  readonly given: unknown;

  constructor(url: string, error: unknown) {
    super(`${url} gave an answer that cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    const { code, cause } = error as { code?: unknown; cause?: { body?: unknown } };
    this.given = code === 'OAUTH_INVALID_RESPONSE' ? cause?.body : undefined;
  }
}

function sendingOf(oauth: typeof Oauth, url: string, { fetch, httpTimeoutMs }: AuthConfig) {
  const limits = { fetch, httpTimeoutMs, maxBytes: MAX_ANSWER_BYTES };
  return {
    [oauth.allowInsecureRequests]: new URL(url).protocol === 'http:',
    [oauth.customFetch]: async (
      target: string,
      { method, headers, body }: { method: string; headers: Record<string, string>; body?: unknown },
    ): Promise<Response> => {
      const sent = body instanceof URLSearchParams ? { body: body.toString() } : {};
      const answer = await fetchText(target, { method, headers, ...sent }, limits);
      const type = answer.headers.get('content-type');
      return new Response(answer.status === 200 ? answer.text : null, {
        status: answer.status,
        ...(type !== null && { headers: { 'content-type': type } }),
      });
    },
  };
}
