import type { INestApplication, Type } from '@nestjs/common';
import { AuthModule, type AuthModuleOptions, Clock, PolicyDecisionPoint } from '@nmp/auth';
import { StaticPolicyDecisionPoint, type TestIssuer } from '@nmp/auth/testing';
import { type AdapterName, startApp } from './http-apps.js';
import { type SocketLibrary, useSockets } from './sockets.js';

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
