import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestIssuer } from '@nmp/auth/testing';
import supertest from 'supertest';
import { filled } from '../../libs/sdk/test/support/expected-shape.js';
import { startIssuer } from './issuers.js';
import { type CallerInput, parties, type Preparation, type SingleRequest } from './original-clients.js';
import { platformConfig, startPlatform } from './platform.js';

const workspaces = '/apis/entities/v2/workspaces';
const alicesTeams = [
  ['POST', workspaces, { name: 'ml-team' }],
  ['POST', workspaces, { name: 'other-team' }],
  ['POST', `${workspaces}/ml-team/members`, { principal: 'bob@example.com', roles: ['Viewer'] }],
  ['POST', `${workspaces}/ml-team/members`, { principal: 'erin@example.com', roles: ['Editor'] }],
  ['POST', `${workspaces}/ml-team/members`, { principal: 'group:team-x', roles: ['Viewer'] }],
] as const;

/** Platforms on which recorded requests are played, with the people who sent them. */
export class ReplayStage {
  private readonly platforms = new Map<string, NestFastifyApplication>();
  private variables: Record<string, string> = {};

  private constructor(private readonly issuer: TestIssuer) {}

  /** Starts these platforms; alice has two teams on the usual one. */
  static async start(platforms: Iterable<string>): Promise<ReplayStage> {
    const stage = new ReplayStage(await startIssuer());
    const gone = await startIssuer();
    await gone.close();
    stage.variables = { issuer: stage.issuer.issuer, gone: gone.issuer };
    for (const [name, input] of Object.entries(parties.callers)) {
      stage.variables[`token:${name}`] = await stage.token(input);
    }
    try {
      for (const name of new Set(platforms)) await stage.startPlatform(name);
      return stage;
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  /** What is known of the variables of recorded texts. */
  filled<T>(data: T): T {
    return filled(data, this.variables);
  }

  /** Sends a recorded request, after what comes before it. */
  async replay({ given = [], caller, client = 'sdk', platform = 'usual', request }: SingleRequest) {
    for (const preparation of given) await this.prepare(preparation);
    const { method, path, query, headers, body, text } = this.filled(request);
    const url = query === undefined ? path : `${path}?${new URLSearchParams(query).toString()}`;
    return this.send(platform, method, url, {
      headers: { ...this.headersOf(client, method, caller), ...headers },
      content: text ?? (body as object | undefined),
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.platforms.values()].map((app) => app.close()));
    await this.issuer.close();
  }

  private async prepare({ as, method, path, body, remember = {}, rememberHeaders = {} }: Preparation): Promise<void> {
    const headers = this.headersOf('sdk', method, as);
    const answer = await this.send('usual', method, this.filled(path), { headers, content: body });
    if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${answer.text}`);
    for (const [variable, name] of Object.entries(remember)) this.variables[variable] = String(answer.body[name]);
    for (const [variable, name] of Object.entries(rememberHeaders)) {
      this.variables[variable] = String(answer.headers[name]);
    }
  }

  private async send(
    platform: string,
    method: string,
    url: string,
    { headers, content }: { headers: Readonly<Record<string, string>>; content: object | string | undefined },
  ): Promise<supertest.Response> {
    const app = this.platforms.get(platform);
    if (app === undefined) throw new Error(`There is no platform "${platform}" on this stage`);
    const verb = method.toLowerCase() as 'get'; // one of supertest's, which all look alike
    const request = supertest(app.getHttpServer())[verb](url).set(headers);
    return content === undefined ? request : request.send(content);
  }

  /** The original's SDK names the type of a body in every request but GET, whether there is a body or not. */
  private headersOf(client: string, method: string, caller: string | undefined): Record<string, string> {
    const { 'Content-Type': type, ...headers } = { ...parties.clients[client] };
    return {
      ...headers,
      ...(type !== undefined && method !== 'GET' && method !== 'HEAD' && { 'Content-Type': type }),
      ...(caller !== undefined && { Authorization: `Bearer ${this.variables[`token:${caller}`]}` }),
    };
  }

  private async token({ without = [], unsigned = false, claims, ...input }: CallerInput): Promise<string> {
    const missing = Object.fromEntries(without.map((name) => [name, undefined]));
    const token = await this.issuer.accessToken({
      audience: 'nmp-platform',
      ...input,
      claims: { ...claims, ...missing },
      ...(unsigned && { header: { alg: 'none' } }),
    });
    return unsigned ? token.replace(/[^.]*$/, '') : token;
  }

  private async startPlatform(name: string): Promise<void> {
    const { oidc: { issuer = this.issuer.issuer, ...oidc } = {}, ...others } = this.filled(
      parties.platforms[name] ?? {},
    );
    const { auth, ...config } = platformConfig(issuer);
    const serviceClients = [{ issuer, clientId: 'nmp-jobs', name: 'jobs' }];
    const different = { ...auth, serviceClients, ...others, oidc: { ...auth.oidc, ...oidc } };
    this.platforms.set(name, await startPlatform({ ...config, auth: different }));
    if (name !== 'usual') return;
    for (const [method, path, body] of alicesTeams) await this.prepare({ as: 'alice', method, path, body });
  }
}
