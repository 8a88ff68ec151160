import { ConfigError, GrantError, signIn, SignInError, SignInRequiredError, StoredTokenSource } from '@nmp/sdk';
import type { DeviceCode, SignInGrant, StoredCredentials } from '@nmp/sdk';
import { FakeClock } from './fake-clock.js';
import type { SeenRequest, StubAnswer } from './http-stub.js';
import { HttpStub } from './http-stub.js';
import { TemporaryConfig } from './temporary-config.js';
import type { Exchange, Transcript } from './transcripts.js';
import { discoveryOf, exchangesOf, recordedAnswerOf } from './transcripts.js';

const platform = 'https://nmp.example.com';

/** How a played transcript ended. */
export interface PlayedOutcome {
  readonly outcome: 'success' | 'failure' | 'cancelled';
  readonly reason: string | null;
}

/** An identity provider that gives the answers of a transcript, and a platform that trusts it, on a clock of its own. */
export class TranscriptPlayer {
  /** How long each request of the transcript came after the one before, in seconds. */
  readonly waits: number[] = [];
  /** What was asked. */
  readonly requests: SeenRequest[] = [];
  readonly exchanges: readonly Exchange[];
  readonly clock: FakeClock;
  private readonly interruption = new AbortController();
  private last: number;

  private constructor(
    readonly transcript: Transcript,
    private readonly http: HttpStub,
    readonly config: TemporaryConfig,
    interruptionReason: Error,
  ) {
    this.exchanges = exchangesOf(transcript);
    const isCancelled = transcript.steps.some((step) => 'user_action' in step);
    this.clock = new FakeClock('2026-01-01T00:00:00Z', () => {
      if (isCancelled && this.requests.length === this.exchanges.length) this.interruption.abort(interruptionReason);
    });
    this.last = this.clock.now().getTime();
    for (const { request } of this.exchanges) {
      http.on(`${request.method} ${new URL(request.url).pathname}`, (seen) => this.answer(seen));
    }
  }

  /** @param interruptionReason What Ctrl-C is, for the program that is played with. */
  static async start(transcript: Transcript, interruptionReason: Error): Promise<TranscriptPlayer> {
    return new TranscriptPlayer(transcript, await HttpStub.start(), await TemporaryConfig.create(), interruptionReason);
  }

  get signal(): AbortSignal {
    return this.interruption.signal;
  }

  get baseUrl(): string {
    return platform;
  }

  /** What the first request says. */
  get form(): Readonly<Record<string, string>> {
    return this.exchanges[0]?.request.form ?? {};
  }

  get clientSecret(): string | undefined {
    return this.exchanges.map(({ request }) => request.form.client_secret).find((secret) => secret !== undefined);
  }

  /** The network: vendors' addresses lead to this player's server. */
  readonly fetch: typeof fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin === platform) return Response.json(discoveryOf(this.transcript));
    const at = Math.min(this.requests.length, this.exchanges.length - 1);
    const { response, request } = this.exchanges[at] ?? {};
    if (url.href !== request?.url) throw new Error(`${url.href} was asked, not ${String(request?.url)}`);
    const answer = fetch(this.http.url + url.pathname, init);
    if (response && 'network_error' in response && response.network_error === 'timeout') {
      await answer.catch(() => undefined);
      throw new DOMException('no answer in time', 'TimeoutError');
    }
    return answer;
  };

  /** Signs in, or refreshes, with the library alone. */
  async play(): Promise<PlayedOutcome> {
    try {
      await (this.transcript.flow === 'refresh' ? this.refresh() : this.signIn());
      return { outcome: 'success', reason: null };
    } catch (error) {
      if (this.signal.aborted) return { outcome: 'cancelled', reason: 'interrupted' };
      return { outcome: 'failure', reason: reasonOf(error) };
    }
  }

  /** What is stored of the sign-in. */
  async stored(): Promise<StoredCredentials | undefined> {
    return (await this.config.file.read()).context('default')?.credentials;
  }

  /** Stores the sign-in that a refresh begins with. */
  async prepareRefresh(): Promise<void> {
    const { refresh_token: refreshToken = '' } = this.form;
    await this.config.signIn({ baseUrl: platform, token: 'an-old-token', refreshToken });
  }

  async close(): Promise<void> {
    await this.http.close();
    await this.config.remove();
  }

  private async refresh(): Promise<void> {
    await this.prepareRefresh();
    await new StoredTokenSource({
      configFile: this.config.file,
      contextName: 'default',
      baseUrl: platform,
      http: { fetch: this.fetch, timeoutMs: 30_000, signal: this.signal },
      clock: this.clock,
      marginSeconds: 60,
      clientSecret: this.clientSecret,
    }).refresh();
  }

  private async signIn(): Promise<void> {
    const { username = '', password = '' } = this.form;
    const onDeviceCode = (_device: DeviceCode): void => undefined;
    const grant: SignInGrant =
      this.transcript.flow === 'device' ? { type: 'device', onDeviceCode } : { type: 'password', username, password };
    await signIn({
      configFile: this.config.file,
      contextName: 'default',
      baseUrl: platform,
      clientSecret: this.clientSecret,
      grant,
      http: { fetch: this.fetch, timeoutMs: 30_000, signal: this.signal },
      clock: this.clock,
    });
  }

  private answer(seen: SeenRequest): StubAnswer {
    const at = Math.min(this.requests.length, this.exchanges.length - 1);
    const now = this.clock.now();
    this.waits.push((now.getTime() - this.last) / 1000);
    this.last = now.getTime();
    this.requests.push(seen);
    const { response } = this.exchanges[at] ?? {};
    return response
      ? recordedAnswerOf(response, now, this.transcript.expected.stored?.expires_in !== undefined)
      : { status: 500 };
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof SignInRequiredError && error.cause instanceof GrantError) return error.cause.code;
  if (error instanceof SignInError || error instanceof ConfigError) return error.code;
  throw error;
}
