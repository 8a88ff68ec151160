import { HttpStub } from './http-stub.js';
import type { SeenRequest, StubAnswer } from './http-stub.js';
import type { StubIdp } from './stub-idp.js';

const workspacesPath = '/apis/entities/v2/workspaces';

/** A platform that trusts one stub identity provider. */
export class StubPlatform {
  private constructor(
    readonly http: HttpStub,
    readonly idp: StubIdp,
  ) {}

  static async start(idp: StubIdp): Promise<StubPlatform> {
    const platform = new StubPlatform(await HttpStub.start(), idp);
    platform.discovers({});
    return platform;
  }

  get url(): string {
    return this.http.url;
  }

  /** Sets what discovery says, beside what it usually says of the identity provider. */
  discovers(oidc: Record<string, unknown> | null, authEnabled = true): void {
    const usual = {
      issuer: this.idp.issuer,
      token_endpoint: this.idp.endpoint('/token'),
      device_authorization_endpoint: this.idp.endpoint('/device'),
      client_id: 'nmp-cli',
      default_scopes: 'openid profile email offline_access platform:read platform:write',
      scope_prefix: null,
    };
    this.http.on('GET /apis/auth/discovery', {
      json: { auth_enabled: authEnabled, oidc: oidc === null ? null : { ...usual, ...oidc } },
    });
  }

  /** Serves these workspaces, in pages. */
  hasWorkspaces(...names: string[]): void {
    const all = names.map((name) => ({ name, description: `About ${name}`, created_by: 'alice@example.com' }));
    this.http.on(`GET ${workspacesPath}`, (request) => page(all, request));
  }

  on(what: string, answer: StubAnswer | StubAnswer[]): void {
    this.http.on(what, answer);
  }

  /** The bearer tokens that came, in order. */
  get bearers(): (string | undefined)[] {
    return this.http.requests
      .filter((request) => request.path !== '/apis/auth/discovery')
      .map((request) => request.headers.authorization?.replace('Bearer ', ''));
  }

  async close(): Promise<void> {
    await this.http.close();
  }
}

function page(all: object[], { query }: SeenRequest): StubAnswer {
  const number = Number(query.get('page') ?? 1);
  const size = Number(query.get('page_size') ?? 100);
  const data = all.slice((number - 1) * size, number * size);
  const pagination = {
    page: number,
    page_size: size,
    total_results: all.length,
    total_pages: Math.ceil(all.length / size),
    current_page_size: data.length,
  };
  return { json: { data, pagination, sort: '-created_at', filter: null } };
}
