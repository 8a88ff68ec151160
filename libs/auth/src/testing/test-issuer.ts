import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, systemClock } from '../clock.js';
import { type Algorithm, anonymousPrincipal, MINTED_TOKEN_TYPES, mintedClaimsOf, type Principal } from '@nmp/tokens';
import { failAs, type Outage } from './outage.js';
import { refuseProduction } from './refuse-production.js';
import { SigningKey, signJws } from './signing-key.js';
import { TestEndpoint } from './test-endpoint.js';
import type { AccessTokenInput, HopTokenInput } from './token-input.js';
import { ToldTokens } from './told-tokens.js';

/** How a test issuer is started. */
export interface TestIssuerOptions {
  /** The client its tokens are issued to. @default nmp-cli */
  clientId?: string;
  /** What its tokens carry in `aud`. @default the client */
  audience?: string | string[];
  /** @default RS256 */
  algorithm?: Algorithm;
  /** What follows host and port in the issuer's URL. @default none */
  path?: string;
  /** Where `iat` and `exp` are counted from. @default the machine's clock */
  clock?: Clock;
  /** More members of its discovery document. */
  metadata?: Record<string, unknown>;
}

/**
 * An OpenID Connect issuer for tests: a discovery document and a key set on a real port, and tokens that are good unless
 * the test says what is odd.
 * @example
 * const issuer = await TestIssuer.start();
 * const token = await issuer.accessToken({ audience: 'another-api' });
 */
export class TestIssuer {
  /** Paths that were asked for, in order. */
  readonly requests: string[] = [];
  /** `Cache-Control` of the key set. */
  jwksCacheControl: string | undefined;
  /** Where it is asked about tokens. */
  readonly introspection: TestEndpoint;
  /** Where it is asked about people. */
  readonly userinfo: TestEndpoint;
  private readonly told: ToldTokens;
  private keys: SigningKey[] = [];
  private outage: Outage | undefined;

  private constructor(
    private readonly server: Server,
    private readonly options: TestIssuerOptions,
  ) {
    this.told = new ToldTokens(options.clock ?? systemClock);
    this.introspection = new TestEndpoint((request) => this.told.introspect(request));
    this.userinfo = new TestEndpoint((request) => this.told.userinfo(request));
  }

  /** Starts an issuer on a free port of this machine. */
  static async start(options: TestIssuerOptions = {}): Promise<TestIssuer> {
    refuseProduction();
    const server = createServer();
    const issuer = new TestIssuer(server, options);
    server.on('request', (request, response) => issuer.answer(request, response));
    const [port] = await Promise.all([listen(server), issuer.rotateKeys()]);
    issuer.port = port;
    return issuer;
  }

  /** The issuer's name: its URL. */
  get issuer(): string {
    return `${this.origin}${this.options.path ?? ''}`;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get jwksUri(): string {
    return `${this.origin}/jwks`;
  }

  get clientId(): string {
    return this.options.clientId ?? 'nmp-cli';
  }

  /** The key that signs. */
  get signingKey(): SigningKey {
    const [key] = this.keys;
    if (key === undefined) throw new Error('The issuer has no key');
    return key;
  }

  /** How many requests it has had for its key set. */
  get jwksFetches(): number {
    return this.requests.filter((path) => path === '/jwks').length;
  }

  /** Makes a token. Good, unless `input` says otherwise. */
  async accessToken(input: AccessTokenInput = {}): Promise<string> {
    const key = input.key ?? this.signingKey;
    const header = { alg: key.algorithm, typ: 'at+jwt', kid: key.kid, ...input.header };
    return signJws(header, this.claimsOf(input), key);
  }

  /** Makes a token that says nothing itself; the introspection and UserInfo endpoints know it. Good, unless `input` says otherwise. */
  opaqueToken(input: Omit<AccessTokenInput, 'header' | 'key'> = {}): string {
    return this.told.issue(this.claimsOf(input));
  }

  /** Lets the introspection endpoint answer exactly this about a token, whatever it is. */
  tell(token: string, answer: unknown): void {
    this.told.tell(token, answer);
  }

  /** Knows an opaque token no more. */
  revokeOpaqueToken(token: string): void {
    this.told.forget(token);
  }

  private claimsOf(input: AccessTokenInput): Record<string, unknown> {
    const now = Math.floor((this.options.clock ?? systemClock).now().getTime() / 1000);
    return {
      iss: this.issuer,
      sub: input.subject ?? 'user-1',
      aud: input.audience ?? this.options.audience ?? this.clientId,
      client_id: this.clientId,
      email: input.email ?? 'user@example.com',
      email_verified: true,
      groups: input.groups ?? [],
      scope: input.scope ?? 'openid platform:read platform:write',
      jti: `${now}-${++this.issued}`,
      iat: now + Math.min(0, (input.expiresInSeconds ?? 300) - 1),
      exp: now + (input.expiresInSeconds ?? 300),
      ...input.claims,
    };
  }

  /** Makes a hop token, as a platform gives it to its gateway. Good, unless `input` says otherwise. */
  async hopToken({
    kind = 'user',
    originalIssuer,
    originalJti,
    sharesUsers = true,
    onBehalfOf,
    ...input
  }: HopTokenInput = {}): Promise<string> {
    const subject = input.subject ?? 'user-1';
    const principal: Principal = {
      ...anonymousPrincipal,
      kind,
      id: subject,
      issuer: originalIssuer ?? 'https://idp.example.com',
      claims: {
        sub: subject,
        jti: originalJti,
        iat: Math.floor((this.options.clock ?? systemClock).now().getTime() / 1000),
      },
      ...(onBehalfOf && { onBehalfOf }),
    };
    const { nmp } = mintedClaimsOf(principal, sharesUsers);
    const claims = { nmp, ...input.claims };
    const header = { typ: MINTED_TOKEN_TYPES.hop, ...input.header };
    return this.accessToken({ ...input, expiresInSeconds: input.expiresInSeconds ?? 60, claims, header });
  }

  /** Signs with a new key from now on. The old one stays published unless `keepOld` is false. */
  async rotateKeys({
    keepOld = true,
    algorithm,
  }: { keepOld?: boolean; algorithm?: Algorithm } = {}): Promise<SigningKey> {
    const key = await SigningKey.generate(algorithm ?? this.options.algorithm);
    this.keys = keepOld ? [key, ...this.keys] : [key];
    return key;
  }

  /** Publishes these entries instead of its own keys. */
  publish(entries: readonly unknown[] | undefined): void {
    this.published = entries;
  }

  /** Fails from now on. */
  fail(outage: Outage): void {
    this.outage = outage;
  }

  /** Works again. */
  recover(): void {
    this.outage = undefined;
  }

  /** Ends the server and its connections. */
  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    if (this.server.listening) await once(this.server, 'close');
  }

  private port = 0;
  private issued = 0;
  private published: readonly unknown[] | undefined;

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '/';
    this.requests.push(path);
    if (this.outage) {
      failAs(this.outage, request, response);
    } else if (path === '/jwks') {
      const headers: Record<string, string> = this.jwksCacheControl ? { 'cache-control': this.jwksCacheControl } : {};
      sendJson(response, { keys: this.published ?? this.keys.map((key) => key.jwk) }, headers);
    } else if (path === `${this.options.path ?? ''}/.well-known/openid-configuration`) {
      sendJson(response, this.metadata());
    } else if (path === `${this.options.path ?? ''}/introspect`) {
      this.introspection.serve(request, response);
    } else if (path === `${this.options.path ?? ''}/userinfo`) {
      this.userinfo.serve(request, response);
    } else {
      response.writeHead(404).end();
    }
  }

  private metadata(): Record<string, unknown> {
    return {
      issuer: this.issuer,
      jwks_uri: this.jwksUri,
      authorization_endpoint: `${this.issuer}/auth`,
      token_endpoint: `${this.issuer}/token`,
      device_authorization_endpoint: `${this.issuer}/device`,
      userinfo_endpoint: `${this.issuer}/userinfo`,
      introspection_endpoint: `${this.issuer}/introspect`,
      ...this.options.metadata,
    };
  }
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port; // a TCP server that listens
}

function sendJson(response: ServerResponse, document: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(document));
}
