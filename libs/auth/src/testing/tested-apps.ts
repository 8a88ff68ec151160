import { AuthConfig } from '../auth-config.js';
import type { TestCallers } from './test-callers.js';

/** What can be asked for its providers: an application, a microservice, a testing module. */
export interface Container {
  /** Finds a provider. */
  get(token: symbol, options?: { strict: boolean }): unknown;
}

/** A request that is about to be sent, as supertest has it: `app` is the server or its address. */
export interface PlannedRequest {
  readonly app: unknown;
  /** Sets a header. */
  set(name: string, value: string): unknown;
}

/** Where an application has its HTTP server, as soon as there is one. */
interface ServerHost {
  readonly httpAdapter?: { getHttpServer(): unknown };
}

interface TestedApp {
  readonly callers: TestCallers;
  readonly host: ServerHost;
}

/** The applications of this process whose issuers are played. None is kept alive by being known here. */
class TestedApps {
  private readonly byConfig = new WeakMap<AuthConfig, TestedApp>();
  private apps: readonly WeakRef<TestedApp>[] = [];

  add(config: AuthConfig, app: TestedApp): void {
    this.byConfig.set(config, app);
    this.apps = [...this.apps.filter((known) => known.deref() !== undefined), new WeakRef(app)];
  }

  callersOf(app: Container): TestCallers {
    const config = app.get(AuthConfig, { strict: false }) as AuthConfig; // what is provided under its name
    const found = this.byConfig.get(config);
    if (found === undefined) throw untested('This application');
    return found.callers;
  }

  /** The callers of the application that a request goes to. */
  callersBehind({ app }: PlannedRequest): TestCallers {
    const found = this.apps
      .map((known) => known.deref())
      .find((known) => known !== undefined && isServer(known.host.httpAdapter?.getHttpServer(), app));
    if (found === undefined) throw untested('The application that this request goes to');
    return found.callers;
  }
}

export const testedApps = new TestedApps();

function isServer(server: unknown, asked: unknown): boolean {
  if (server === undefined || server === null) return false;
  if (typeof asked !== 'string') return server === asked;
  const bound = (server as { address?(): unknown }).address?.(); // Node's servers have it
  const port = typeof bound === 'object' && bound !== null && 'port' in bound ? String(bound.port) : undefined;
  return port !== undefined && new URL(asked).port === port;
}

function untested(what: string): Error {
  return new Error(
    `${what} has real issuers: import authTestingModule(), or override AuthConfig by authTestingConfig(), in its testing module`,
  );
}
