import type { INestApplication, Type } from '@nestjs/common';
import { AuthModule, type AuthModuleOptions, Clock, PolicyDecisionPoint } from '@nmp/auth';
import { StaticPolicyDecisionPoint, type TestIssuer } from '@nmp/auth/testing';
import { type AdapterName, startApp } from './http-apps.js';
import { startIssuer } from './issuers.js';
import { connected, type Connecting, refused, type SocketLibrary, type TestSocket, useSockets } from './sockets.js';

/** What a test's application with gateways is made of. */
export interface GatewayParts {
  readonly library: SocketLibrary;
  readonly issuer: TestIssuer;
  readonly gateways: Type[];
  readonly adapter?: AdapterName;
  readonly clock?: Clock;
  readonly options?: Partial<AuthModuleOptions>;
  /** Sets another adapter for sockets than the library's own. */
  readonly configure?: (app: INestApplication) => void;
}

/** Starts an application whose gateways ask for tokens of the issuer; alice may read the workspace `ml`. */
export function startGateways({
  library,
  issuer,
  gateways,
  adapter = 'express',
  clock,
  options,
  configure,
}: GatewayParts): Promise<{ app: INestApplication; url: string }> {
  const { clientId } = issuer;
  const decides = new StaticPolicyDecisionPoint({ 'alice@example.com': { ml: ['models.read'] } });
  return startApp(adapter, {
    imports: [AuthModule.forRoot({ oidc: { issuer: issuer.issuer, clientId }, ...options })],
    providers: [...gateways, { provide: PolicyDecisionPoint, useValue: decides }] as Type[],
    ...(clock && { override: (builder) => builder.overrideProvider(Clock).useValue(clock) }),
    configure: configure ?? ((app) => useSockets(app, library)),
  });
}

/** Applications with gateways, their issuers and their clients, until the end of a test. */
export class GatewayStage {
  private readonly running: { close(): unknown }[] = [];

  /** Starts an issuer and an application that trusts it. */
  async begin(parts: Omit<GatewayParts, 'issuer'>) {
    const issuer = await startIssuer(parts.clock && { clock: parts.clock });
    const { app, url } = await startGateways({ ...parts, issuer });
    this.endWith(issuer, app);
    return {
      app,
      issuer,
      url,
      enter: async (options: Connecting = {}): Promise<TestSocket> => {
        const socket = await connected(parts.library, url, options);
        this.endWith(socket);
        return socket;
      },
      refusal: (options: Connecting = {}) => refused(parts.library, url, options),
    };
  }

  /** Closes something at the end of the test, too. */
  endWith(...parts: { close(): unknown }[]): void {
    this.running.push(...parts);
  }

  async end(): Promise<void> {
    for (const part of this.running.splice(0).toReversed()) await part.close();
  }
}
