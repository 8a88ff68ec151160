import { EndpointMatcher, type MatchedPattern } from './endpoint-matcher.js';

/** What one method of one path asks of its caller. */
export interface Endpoint {
  /** All are needed. An empty list asks for nobody in particular; without a list only reading outside of workspaces. */
  readonly permissions?: readonly string[];
  /** One of them is needed of a token that has scopes. */
  readonly scopes?: readonly string[];
  /** Who may call it at all. */
  readonly callers?: readonly ('principal' | 'service_principal')[];
  /** Closed for everybody. */
  readonly deny?: boolean;
  readonly 'x-not-in-openapi'?: boolean;
}

export type EndpointMethod = 'get' | 'post' | 'put' | 'patch' | 'delete' | 'options';

/** Path pattern → method → endpoint, as the policy reads it. */
export type Endpoints = Readonly<Record<string, Readonly<Partial<Record<EndpointMethod, Endpoint>>>>>;

/** The endpoint a request falls under. */
export interface MatchedEndpoint {
  readonly endpoint: Endpoint;
  /** The endpoint as JSON. */
  readonly json: string;
  /** What the path has in the place of the pattern's workspace. */
  readonly workspace: string | undefined;
}

/** The endpoints of the platform, indexed by the segments of their paths. */
export class EndpointTable {
  private readonly matcher: EndpointMatcher;
  private readonly texts: ReadonlyMap<Endpoint, string>;

  /** @throws {RangeError} for a pattern that does not begin with a slash or is not ASCII. */
  constructor(readonly endpoints: Endpoints) {
    this.matcher = new EndpointMatcher(Object.keys(endpoints));
    const all = Object.values(endpoints).flatMap((methods) => Object.values(methods));
    this.texts = new Map(all.map((endpoint) => [endpoint, JSON.stringify(endpoint)]));
  }

  /** @param path without the query; percent-encoded as it was sent */
  find(method: string, path: string): MatchedEndpoint | undefined {
    const key = methodKeys.get(method);
    const match = key === undefined ? undefined : this.matcher.match(path);
    return key === undefined || match === undefined ? undefined : this.matched(key, match);
  }

  private matched(key: EndpointMethod, { pattern, workspace }: MatchedPattern): MatchedEndpoint | undefined {
    const endpoint = this.endpoints[pattern]?.[key];
    return endpoint && { endpoint, json: this.texts.get(endpoint) ?? '{}', workspace };
  }
}

/** The methods there are, as requests name them. HEAD asks for what GET asks for. */
const methodKeys: ReadonlyMap<string, EndpointMethod> = new Map([
  ['GET', 'get'],
  ['HEAD', 'get'],
  ['POST', 'post'],
  ['PUT', 'put'],
  ['PATCH', 'patch'],
  ['DELETE', 'delete'],
  ['OPTIONS', 'options'],
]);
