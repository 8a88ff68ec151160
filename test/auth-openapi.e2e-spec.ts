import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication } from '@nestjs/common';
import { ApiBearerAuth, ApiSecurity, DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import {
  AuthDescription,
  AuthModule,
  type AuthModuleOptions,
  OptionalAuth,
  Public,
  RequireAnyScope,
  RequireScopes,
} from '@nmp/auth';
import type { TestIssuer } from '@nmp/auth/testing';
import { startIssuer } from './support/issuers.js';
import { adapters, startApp } from './support/http-apps.js';

class Listing {
  @Get()
  list(): string[] {
    return [];
  }

  @Get('open')
  @Public()
  open(): string[] {
    return [];
  }
}

@RequireScopes('orders:read')
@ApiBearerAuth('their-own')
@Controller('orders')
class OrdersController extends Listing {
  @Get('any')
  @RequireAnyScope('orders:pack', 'orders:send')
  any(): string[] {
    return [];
  }

  @Get(['both', 'two'])
  @RequireScopes('orders:read', 'orders:write')
  both(): string[] {
    return [];
  }
}

/** Has a method in common with the one above, and the name of a class that it has nothing else in common with. */
const Namesake = (() => {
  @OptionalAuth()
  @Controller({ path: 'catalog', version: '2' })
  class OrdersController extends Listing {
    @Get('key')
    @Public()
    @ApiSecurity('key')
    key(): string[] {
      return [];
    }
  }
  return OrdersController;
})();

let issuer: TestIssuer;
let other: TestIssuer;

beforeAll(async () => {
  [issuer, other] = await Promise.all([startIssuer(), startIssuer()]);
});

afterAll(async () => {
  await issuer?.close();
  await other?.close();
});

function options(difference: Partial<AuthModuleOptions> = {}): AuthModuleOptions {
  const defaultScopes = 'openid offline_access platform:read';
  return { ...difference, oidc: { issuer: issuer.issuer, clientId: 'orders', defaultScopes, ...difference.oidc } };
}

async function described(
  given: AuthModuleOptions,
  adapter: (typeof adapters)[number] = 'express',
): Promise<{ document: OpenAPIObject; auth: AuthDescription; app: INestApplication }> {
  const parts = { imports: [AuthModule.forRoot(given)], controllers: [OrdersController, Namesake] };
  const configure = (app: INestApplication) => void app.setGlobalPrefix('api').enableVersioning();
  const { app } = await startApp(adapter, { ...parts, configure });
  const auth = app.get(AuthDescription);
  const document = auth.describe(() => SwaggerModule.createDocument(app, new DocumentBuilder().build()));
  return { document, auth, app };
}

describe.each(adapters)('a description on %s', (adapter) => {
  let app: INestApplication;
  let document: OpenAPIObject;

  beforeAll(async () => {
    ({ app, document } = await described(options(), adapter));
  });

  afterAll(async () => app?.close());

  it.each<[string, object[]]>([
    ['/api/orders', [{ bearer: [] }, { oidc: ['orders:read'] }, { oidc: ['platform:read'] }]],
    ['/api/orders/any', [{ bearer: [] }, { oidc: ['orders:pack'] }, { oidc: ['orders:send'] }]],
    [
      '/api/orders/both',
      [{ bearer: [] }, { oidc: ['orders:read', 'orders:write'] }, { oidc: ['platform:read', 'orders:write'] }],
    ],
    [
      '/api/orders/two',
      [{ bearer: [] }, { oidc: ['orders:read', 'orders:write'] }, { oidc: ['platform:read', 'orders:write'] }],
    ],
    ['/api/v2/catalog', [{}, { bearer: [] }, { oidc: [] }]],
    ['/api/v2/catalog/open', []],
    ['/api/v2/catalog/key', [{ key: [] }]],
    ['/api/apis/auth/discovery', []],
  ])('says of %s what it may be called with', (path, security) => {
    expect(document.paths[path]?.get?.security).toEqual(security);
  });

  it('says what is answered to those who are refused', () => {
    const { responses } = document.paths['/api/orders/any']?.get ?? {};
    expect(responses).toMatchObject({
      401: { content: { 'application/json': { schema: { $ref: '#/components/schemas/AuthErrorBody' } } } },
      403: { description: 'The token has none of the scopes `orders:pack`, `orders:send`' },
    });
    expect(document.components?.schemas).toHaveProperty('AuthErrorBody');
    expect(document.paths['/api/v2/catalog/open']?.get?.responses).not.toHaveProperty('401');
  });

  it('leaves nothing behind on the classes', () => {
    const again = SwaggerModule.createDocument(app, new DocumentBuilder().build());
    expect(again.paths['/api/orders']?.get?.security).toEqual([{ 'their-own': [] }]);
    expect(JSON.stringify(again)).not.toContain('nmp-route');
  });
});

it('asks for scopes as the provider calls them', async () => {
  const { document, auth, app } = await described(
    options({ oidc: { scopePrefix: 'api://orders', defaultScopes: 'openid api://orders/platform:read' } }),
  );
  await app.close();
  expect(document.paths['/api/orders']?.get?.security).toEqual([
    { bearer: [] },
    { oidc: ['api://orders/orders:read'] },
    { oidc: ['api://orders/platform:read'] },
  ]);
  expect(auth.swaggerOptions.initOAuth?.scopes).toEqual(['openid', 'api://orders/platform:read']);
});

it('has a scheme for each provider, with its endpoints once it was asked', async () => {
  const { document, auth, app } = await described(options({ oidc: { additionalIssuers: [other.issuer] } }));
  const resolved = await auth.resolve(document);
  expect(await auth.connectSources()).toEqual([`${issuer.issuer}/token`, `${other.issuer}/token`]);
  await app.close();
  expect(document.components?.securitySchemes).toMatchObject({
    oidc: { type: 'openIdConnect', openIdConnectUrl: `${issuer.issuer}/.well-known/openid-configuration` },
  });
  expect(resolved.components?.securitySchemes).toMatchObject({
    bearer: { type: 'http' },
    oidc: { type: 'oauth2', flows: { authorizationCode: { tokenUrl: `${issuer.issuer}/token` } } },
    oidc2: { type: 'oauth2', flows: { authorizationCode: { tokenUrl: `${other.issuer}/token` } } },
  });
  expect(document.paths['/api/v2/catalog']?.get?.security).toEqual([{}, { bearer: [] }, { oidc: [] }, { oidc2: [] }]);
});

it('signs in with the parameters that the provider wants, and for nothing that outlives the page', async () => {
  const { auth, app } = await described(
    options({ oidc: { loginParameters: { audience: 'https://orders.example.com' } } }),
  );
  await app.close();
  expect(auth.swaggerOptions).toEqual({
    persistAuthorization: false,
    initOAuth: {
      clientId: 'orders',
      scopes: ['openid', 'platform:read'],
      usePkceWithAuthorizationCodeGrant: true,
      additionalQueryStringParams: { audience: 'https://orders.example.com' },
    },
  });
});

it('offers no sign-in to pages where tokens are bound to keys', async () => {
  const { document, auth, app } = await described(
    options({ publicUrl: 'https://orders.example.com', dpop: { required: true } }),
  );
  await app.close();
  expect(Object.keys(document.components?.securitySchemes ?? {})).toEqual(['dpop']);
  expect(document.paths['/api/orders']?.get?.security).toEqual([{ dpop: [] }]);
  expect(await auth.connectSources()).toEqual([]);
});

it('asks for nothing where authentication is off', async () => {
  const { document, app } = await described({ enabled: false });
  await app.close();
  expect(document.components?.securitySchemes).toEqual({});
  expect(document.paths['/api/orders']?.get).toMatchObject({ security: [] });
  expect(document.paths['/api/orders']?.get?.responses).not.toHaveProperty('401');
});
