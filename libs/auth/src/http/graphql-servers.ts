/** The part of the options of a GraphQL server that is looked at. */
export interface GraphqlServerOptions {
  readonly context?: unknown;
  readonly subscriptions?: object;
  readonly installSubscriptionHandlers?: boolean;
  /** The modules whose resolvers are served, where not all are. */
  readonly include?: unknown;
}

/** A server of `@nestjs/graphql`: what it calls a driver. */
interface GraphqlDriver {
  start(options: GraphqlServerOptions): unknown;
}

/** The modules of an application. */
interface NestModules {
  values(): Iterable<{ readonly providers: ReadonlyMap<unknown, { readonly instance: unknown }> }>;
}

/** What finds the resolvers of fields. */
interface ResolversExplorer {
  canUseFastFieldResolver(): boolean;
}

// What Nest provides in each GraphQLModule. The package is not imported: it need not be installed.
const optionsToken = 'GqlModuleOptions';
const driverName = 'AbstractGraphQLDriver';
const explorerName = 'ResolversExplorerService';

/** The GraphQL servers of an application. */
export class GraphqlServers {
  private readonly closed = new WeakSet<object>();

  /** @param closedOptions What a server is started with in place of what it would be started with. */
  constructor(
    private readonly modules: NestModules,
    private readonly closedOptions: (given: GraphqlServerOptions) => GraphqlServerOptions,
  ) {}

  /** Closes every server that has not started yet. */
  close(): void {
    // Nest calls resolvers without decorated parameters past everything that could stand before them.
    for (const explorer of this.explorers()) explorer.canUseFastFieldResolver = () => false;
    for (const driver of this.drivers()) {
      if (this.closed.has(driver)) continue;
      this.closed.add(driver);
      const start = driver.start.bind(driver);
      driver.start = (options) => start(this.closedOptions(options));
    }
  }

  /** Whether every resolver of the application is served. */
  get serveAll(): boolean {
    const all = this.provided((token) => token === optionsToken) as (GraphqlServerOptions | undefined)[];
    return all.length > 0 && all.every((options) => options?.include === undefined);
  }

  private drivers(): GraphqlDriver[] {
    return this.provided(isNamed(driverName)).filter((driver) => has(driver, 'start')) as GraphqlDriver[];
  }

  private explorers(): ResolversExplorer[] {
    const all = this.provided(isNamed(explorerName));
    return all.filter((explorer) => has(explorer, 'canUseFastFieldResolver')) as ResolversExplorer[];
  }

  private provided(isWanted: (token: unknown) => boolean): unknown[] {
    return [...this.modules.values()].flatMap(({ providers }) =>
      [...providers].flatMap(([token, { instance }]) => (isWanted(token) ? [instance] : [])),
    );
  }
}

function isNamed(name: string): (token: unknown) => boolean {
  return (token) => typeof token === 'function' && token.name === name;
}

function has(instance: unknown, method: string): boolean {
  return typeof (instance as Record<string, unknown> | undefined)?.[method] === 'function';
}
