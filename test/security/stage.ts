import type { RequestListener } from 'node:http';
import { expect, jest } from '@jest/globals';
import { type DynamicModule, type INestApplication, Logger, type Type } from '@nestjs/common';
import { AuthModule, type AuthModuleOptions, Clock } from '@nmp/auth';
import { type AccessTokenInput, type TestIssuer, type TestIssuerOptions } from '@nmp/auth/testing';
import { type AdapterName, startApp } from '../support/http-apps.js';
import { startIssuer } from '../support/issuers.js';
import { SetClock } from '../support/set-clock.js';
import type { Answer } from './answers.js';
import { type OddServer, startServer } from './odd-server.js';
import { type Answered, exchange } from './raw-http.js';
import { HandlerCalls, StageController } from './stage.controller.js';

/** A request: what is not said is a GET of `/` without any header. */
export interface Asked {
  readonly method?: string;
  readonly path?: string;
  /** Sent as `Authorization: Bearer …`. */
  readonly token?: string;
  /** More header lines, as they go over the wire. */
  readonly lines?: readonly string[];
  readonly body?: string;
  /** What the handler must have been told, when it is called. */
  readonly told?: object;
}

/** A request, or the token of one that has nothing else about it. */
export type Attempt = string | Asked;

/** What the application of a stage is made of beside its issuer. */
export interface StageSetting {
  readonly options?: Partial<AuthModuleOptions>;
  readonly issuer?: TestIssuerOptions;
  readonly controllers?: Type[];
  /** More modules; told how the application's root module imports ours. */
  readonly imports?: (definition: DynamicModule) => (Type | DynamicModule)[];
  readonly configure?: (app: INestApplication) => void;
}

/** An issuer, a clock, and an application that trusts the issuer: where an attack is played. */
export class Stage {
  /** Everything that was logged. */
  readonly lines: string[] = [];
  /** Issuers that were started beside the application's own. */
  readonly strangers: TestIssuer[] = [];
  private readonly running: { close(): Promise<unknown> }[] = [];
  private app: INestApplication | undefined;
  private address = '';

  private constructor(
    readonly adapter: AdapterName,
    readonly issuer: TestIssuer,
    readonly clock: SetClock,
  ) {}

  /** Sets a stage whose application is still to be opened. */
  static async set(adapter: AdapterName, options: TestIssuerOptions = {}): Promise<Stage> {
    const clock = new SetClock();
    const stage = new Stage(adapter, await startIssuer({ clock, ...options }), clock);
    stage.running.push(stage.issuer);
    for (const level of ['log', 'warn', 'error', 'debug', 'verbose', 'fatal'] as const) {
      const note = (...line: unknown[]): void => void stage.lines.push(line.map(String).join(' '));
      jest.spyOn(Logger.prototype, level).mockImplementation(note);
    }
    return stage;
  }

  /** Starts the application. */
  async open({ options = {}, controllers = [StageController], imports, configure }: StageSetting = {}): Promise<void> {
    const oidc = { issuer: this.issuer.issuer, clientId: 'nmp-cli', ...options.oidc };
    const definition = AuthModule.forRoot({ publicUrl: 'https://api.example.com/notes', ...options, oidc });
    const { app, url } = await startApp(this.adapter, {
      imports: [definition, ...(imports?.(definition) ?? [])],
      controllers,
      providers: [HandlerCalls],
      override: (builder) => builder.overrideProvider(Clock).useValue(this.clock),
      ...(configure && { configure }),
    });
    this.running.unshift(app);
    this.app = app;
    this.address = url;
  }

  /** Starts another issuer, which the application need not trust. */
  async stranger(): Promise<TestIssuer> {
    const stranger = await startIssuer({ clock: this.clock });
    this.strangers.push(stranger);
    this.running.push(stranger);
    return stranger;
  }

  /** Starts a server for documents that no proper issuer would serve so. */
  async serve(listener: RequestListener): Promise<OddServer> {
    const server = await startServer(listener);
    this.running.push(server);
    return server;
  }

  get url(): string {
    return this.address;
  }

  /** The time, in seconds since 1970. */
  get now(): number {
    return this.clock.now().getTime() / 1000;
  }

  token(input: AccessTokenInput = {}): Promise<string> {
    return this.issuer.accessToken(input);
  }

  get<T>(type: Type<T>): T {
    if (!this.app) throw new Error('The stage is not open');
    return this.app.get(type, { strict: false });
  }

  ask(attempt: Attempt): Promise<Answered> {
    const { method = 'GET', path = '/', token, lines = [], body } = asked(attempt);
    const authorization = token === undefined ? [] : [`Authorization: Bearer ${token}`];
    const host = lines.some((line) => /^host:/i.test(line)) ? [] : ['Host: 127.0.0.1'];
    const length = body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body, 'latin1')}`];
    return exchange(this.address, [`${method} ${path} HTTP/1.1`, ...host, ...authorization, ...lines, ...length], body);
  }

  /** Sends a request and checks all that its answer promises: status, body, challenge, handler, and that no token shows. */
  async expect(attempt: Attempt, answer: Answer): Promise<void> {
    const calls = this.get(HandlerCalls);
    const before = calls.count;
    const answered = await this.ask(attempt);
    const reached = answer.status === 200 ? 1 : 0;
    expect([answered.status, answered.body]).toEqual([expectedStatus(answer, answered), expect.any(String)]);
    expect(calls.count - before).toBe(reached);
    if (reached === 1) expect(JSON.parse(answered.body)).toMatchObject(asked(attempt).told ?? {});
    else checkRefusal(answered, answer);
    checkNothingShows(asked(attempt), answered, reached === 1 ? '' : this.lines.join('\n'));
  }

  /** Checks that an application with these options does not start, and what it says. */
  async expectNoStart(options: object, message: RegExp): Promise<void> {
    const module = AuthModule.forRoot(options);
    const starting = startApp(this.adapter, { imports: [module] }).then(({ app }) => this.running.unshift(app));
    await expect(starting).rejects.toThrow(message);
  }

  async close(): Promise<void> {
    jest.restoreAllMocks();
    for (const part of this.running) await part.close();
  }
}

function asked(attempt: Attempt): Asked {
  return typeof attempt === 'string' ? { token: attempt } : attempt;
}

/** One of the allowed statuses; the first of them when it was none, so that the failure shows it. */
function expectedStatus({ status }: Answer, answered: Answered): number | undefined {
  const allowed = [status].flat();
  return allowed.includes(answered.status) ? answered.status : allowed[0];
}

function checkRefusal({ status, headers, body }: Answered, { code, challenge }: Answer): void {
  const challenges = headers.filter(([name]) => name === 'www-authenticate').map(([, value]) => value);
  if (code !== undefined) {
    const sentence: unknown = expect.any(String);
    expect(JSON.parse(body)).toEqual({ statusCode: status, error: sentence, code, detail: sentence });
  }
  if (challenge === null) expect(challenges).toEqual([]);
  else if (challenge) expect(challenges).toEqual([expect.stringMatching(challenge)]);
  // RFC 6750 §3: printable ASCII, no backslash; quotes only around values.
  for (const value of challenges)
    expect(value).toMatch(/^(?:(?:^| )(?:Bearer|DPoP)(?: [a-z_]+="[\x20-\x21\x23-\x5B\x5D-\x7E]*",?)+)+$/);
}

function checkNothingShows({ token, lines = [], path = '' }: Asked, { headers, body }: Answered, log: string): void {
  const sent = [
    token ?? '',
    ...lines.filter((line) => /^(authorization|cookie|dpop)/i.test(line)),
    path.replace(/^[^?]*/, ''),
  ].join(' ');
  const shown = [JSON.stringify(headers), body, log].join('\n');
  for (const part of sent.split(/[\s.=&?]+/)) {
    if (part.length >= 16 && !/^authorization:?$/i.test(part)) expect(shown).not.toContain(part);
  }
}
