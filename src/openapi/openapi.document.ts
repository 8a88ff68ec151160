import { readFileSync } from 'node:fs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { AuthDescription } from '@nmp/auth';
import type { PlatformConfig } from '../config/platform-config.js';
import { ErrorResponse } from '../http/api-errors.decorator.js';
import { defaultHttpLimits } from '../http/http-limits.js';
import { MAX_JSON_DEPTH, MAX_JSON_VALUES } from '../http/json-body.js';
import { prepareDescription } from './prepared-description.js';
import { openPageToProvider } from './provider-access.js';
import { scopeTexts } from './scope-texts.js';

const PURPOSE = 'Workspaces, guarded by OpenID Connect access tokens, scopes and roles.';
const { maxBodyBytes, requestTimeoutMs } = defaultHttpLimits;
const LIMITS =
  `Bodies are JSON objects in UTF-8 of at most ${maxBodyBytes} bytes, ${MAX_JSON_DEPTH} levels and ${MAX_JSON_VALUES} ` +
  `values; a request has to be sent within ${requestTimeoutMs / 1000} seconds.`;
// The client of a page is public; Swagger UI asks for a secret all the same.
const WITHOUT_CLIENT_SECRET = '.auth-container .wrapper:has([for^="client_secret"]) { display: none }';
const DISCOVERY_PATH = '/apis/auth/discovery';

/** Describes the application's API: who may call what, and how to sign in, follow from its decorators and configuration. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('NeMo platform')
    .setDescription(`${PURPOSE}\n\n${LIMITS}`)
    .setVersion(packageVersion())
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0');
  const create = (): OpenAPIObject =>
    SwaggerModule.createDocument(app, builder.build(), {
      operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '').toLowerCase()}.${method}`,
    });
  const document = app.get(AuthDescription).describe(create, { scopes: scopeTexts, errorSchema: ErrorResponse.name });
  describeDiscovery(document);
  return document;
}

/** Serves the description at `/openapi.json` and Swagger UI, with its own sign-in, at `/docs`; both are public. */
export function serveOpenApi(app: NestFastifyApplication, { publicUrl }: PlatformConfig): void {
  const auth = app.get(AuthDescription);
  const instance = app.getHttpAdapter().getInstance();
  openPageToProvider(instance, () => auth.connectSources());
  let document: OpenAPIObject | undefined;
  const described = (): OpenAPIObject => (document ??= openApiDocument(app));
  prepareDescription(instance, async () => {
    const { securitySchemes } = described().components ?? {};
    return JSON.stringify(await auth.resolve({ paths: {}, components: { securitySchemes } }));
  });
  SwaggerModule.setup('docs', app, described, {
    raw: ['json'],
    jsonDocumentUrl: 'openapi.json',
    customSiteTitle: 'NeMo platform API',
    customCss: WITHOUT_CLIENT_SECRET,
    patchDocumentOnRequest: (_request, _response, document) => auth.resolve(document),
    swaggerOptions: { oauth2RedirectUrl: `${publicUrl}/docs/oauth2-redirect.html`, ...auth.swaggerOptions },
  });
}

/** The discovery route comes from the auth library, which knows nothing of API descriptions. */
function describeDiscovery({ paths }: OpenAPIObject): void {
  const operation = paths[DISCOVERY_PATH]?.get;
  if (operation === undefined) return;
  operation.tags = ['Identity'];
  operation.summary = 'Where and how to sign in';
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
