import { Controller, Get, type INestApplication, Module } from '@nestjs/common';
import {
  AccessDeniedError,
  AuthModule,
  type AuthModuleOptions,
  Clock,
  PolicyDecisionPoint,
  Public,
  RequireAudience,
  RequireAuthContext,
  RequirePermissions,
  RequireScopes,
} from '@nmp/auth';
import { StaticPolicyDecisionPoint, type TestIssuer } from '@nmp/auth/testing';
import { type AdapterName, startApp } from './http-apps.js';
import { startIssuer } from './issuers.js';
import { SetClock } from './set-clock.js';

/** One handler for each thing that can be asked of a caller. */
@Controller()
class DemandingController {
  @Get()
  any() {
    return {};
  }

  @Get('public')
  @Public()
  open() {
    return {};
  }

  @Get('scope')
  @RequireScopes('models:read')
  scope() {
    return {};
  }

  @Get('audience')
  @RequireAudience('billing')
  audience() {
    return {};
  }

  @Get('sign-in')
  @RequireAuthContext({ acr: 'gold', maxAgeSeconds: 60 })
  signIn() {
    return {};
  }

  @Get('permission')
  @RequirePermissions('models.read')
  permission() {
    return {};
  }

  @Get('own')
  own(): never {
    throw new AccessDeniedError('only on Mondays');
  }
}

@Module({})
class DecisionsModule {}

/** An application that can refuse for every reason, with its issuer, on one clock. */
export interface ExplainedApp {
  readonly app: INestApplication;
  readonly issuer: TestIssuer;
  readonly clock: SetClock;
  get(path: string, authorization?: string): Promise<Response>;
  close(): Promise<void>;
}

/** Starts it. @param nodeEnv What `NODE_ENV` is while it starts. */
export async function startExplainedApp(
  adapter: AdapterName,
  options: Partial<AuthModuleOptions>,
  nodeEnv = process.env.NODE_ENV,
): Promise<ExplainedApp> {
  const clock = new SetClock();
  const issuer = await startIssuer({ clock });
  const provided = { provide: PolicyDecisionPoint, useValue: new StaticPolicyDecisionPoint({}) };
  const { app, url } = await inEnvironment(nodeEnv, () =>
    startApp(adapter, {
      imports: [
        AuthModule.forRoot({
          algorithms: ['ES256'],
          ...options,
          oidc: { issuer: issuer.issuer, clientId: 'nmp-cli', ...options.oidc },
        }),
        { module: DecisionsModule, providers: [provided] },
      ],
      controllers: [DemandingController],
      override: (builder) => builder.overrideProvider(Clock).useValue(clock),
    }),
  );
  return {
    app,
    issuer,
    clock,
    get: (path, authorization) => fetch(url + path, { headers: authorization === undefined ? {} : { authorization } }),
    close: async () => {
      await app.close();
      await issuer.close();
    },
  };
}

/** Starts something where `NODE_ENV` is another one than that of tests. */
export async function inEnvironment<T>(nodeEnv: string | undefined, start: () => Promise<T>): Promise<T> {
  const usual = process.env.NODE_ENV;
  setNodeEnv(nodeEnv);
  try {
    return await start();
  } finally {
    setNodeEnv(usual);
  }
}

function setNodeEnv(value: string | undefined): void {
  if (value === undefined) delete process.env.NODE_ENV;
  else process.env.NODE_ENV = value;
}
