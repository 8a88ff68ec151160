import { readFileSync } from 'node:fs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { PlatformConfig } from '../config/platform-config.js';
import { defaultHttpLimits } from '../http/http-limits.js';
import { MAX_JSON_DEPTH, MAX_JSON_VALUES } from '../http/json-body.js';
import { BEARER, requestedScopes, SIGN_IN, signInScheme } from './security-schemes.js';

const PURPOSE = 'Workspaces, guarded by OpenID Connect access tokens, scopes and roles.';
const { maxBodyBytes, requestTimeoutMs } = defaultHttpLimits;
const LIMITS =
  `Bodies are JSON objects in UTF-8 of at most ${maxBodyBytes} bytes, ${MAX_JSON_DEPTH} levels and ${MAX_JSON_VALUES} ` +
  `values; a request has to be sent within ${requestTimeoutMs / 1000} seconds.`;
const DISCOVERY_PATH = '/apis/auth/discovery';

/** Describes the application's API. How to sign in follows from the configuration. */
export function openApiDocument(app: NestFastifyApplication, { auth }: PlatformConfig): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('NeMo platform')
    .setDescription(`${PURPOSE}\n\n${LIMITS}`)
    .setVersion(packageVersion())
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, BEARER)
    .addSecurityRequirements(BEARER);
  const scheme = signInScheme(auth);
  if (scheme !== undefined) builder.addSecurity(SIGN_IN, scheme).addSecurityRequirements(SIGN_IN);
  const document = SwaggerModule.createDocument(app, builder.build(), {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '').toLowerCase()}.${method}`,
  });
  describeDiscovery(document);
  return document;
}

/** Serves the description at `/openapi.json` and Swagger UI, with its own sign-in, at `/docs`; both are public. */
export function serveOpenApi(app: NestFastifyApplication, config: PlatformConfig): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app, config), {
    raw: ['json'],
    jsonDocumentUrl: 'openapi.json',
    customSiteTitle: 'NeMo platform API',
    swaggerOptions: {
      oauth2RedirectUrl: `${config.publicUrl}/docs/oauth2-redirect.html`,
      initOAuth: {
        clientId: config.auth.oidc?.clientId ?? '',
        scopes: requestedScopes(config.auth),
        usePkceWithAuthorizationCodeGrant: true,
      },
    },
  });
}

/** The discovery route comes from the auth library, which knows nothing of API descriptions. */
function describeDiscovery({ paths }: OpenAPIObject): void {
  const operation = paths[DISCOVERY_PATH]?.get;
  if (operation === undefined) return;
  operation.tags = ['Identity'];
  operation.summary = 'Where and how to sign in';
  operation.security = [];
  operation.responses = {
    200: {
      description: 'The identity provider and its endpoints; `oidc` is null when there is none',
      content: {
        'application/json': {
          schema: {
            type: 'object',
            required: ['auth_enabled', 'oidc'],
            properties: {
              auth_enabled: { type: 'boolean' },
              allow_unsigned_jwt: {
                type: 'boolean',
                description: 'Programs on its machine need no provider; absent unless it is so',
              },
              oidc: { type: 'object', nullable: true, additionalProperties: true },
            },
          },
        },
      },
    },
  };
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version; // npm's own format
}
