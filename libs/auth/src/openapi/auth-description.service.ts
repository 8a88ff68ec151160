import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { AuthConfig } from '../auth-config.js';
import { classesOf } from '../http/class-methods.js';
import { routeRules } from '../http/route-rules.js';
import { TrustedIssuers } from '../keys/trusted-issuers.js';
import { type ApiDocument, operationsOf } from './api-document.js';
import { connectSources } from './connect-sources.js';
import { refusalResponses, refusalSchemas, withRefusals } from './refusal-responses.js';
import { RouteMarks } from './route-marks.js';
import { RouteSecurity } from './route-security.js';
import { scopeTexts } from './scope-texts.js';
import { signInEndpoints } from './sign-in-endpoints.js';
import { type SignIn, type SignInEndpoints, signInScheme, signInsOf } from './sign-in-schemes.js';
import { type SwaggerSignIn, swaggerSignIn } from './swagger-sign-in.js';
import { tokenSchemes } from './token-schemes.js';

/** What a document says beside what the decorators say. */
export interface AuthDescriptionOptions {
  /** A sentence about each scope, by its name in decorators. */
  readonly scopes?: Readonly<Record<string, string>>;
  /** The document's own schema of the body of errors. @default `AuthErrorBody`, which is added */
  readonly errorSchema?: string;
}

/** The schemes of a document, of which those that are ours have the scopes. */
interface Schemes {
  readonly securitySchemes?: Readonly<Record<string, { readonly 'x-scopes'?: Readonly<Record<string, string>> }>>;
}

/**
 * Describes in an OpenAPI document who may call which route, and how people sign in, from the decorators and the options
 * of `AuthModule`: there is no second list.
 * @example
 * const auth = app.get(AuthDescription);
 * const document = auth.describe(() => SwaggerModule.createDocument(app, new DocumentBuilder().build()));
 * SwaggerModule.setup('docs', app, await auth.resolve(document), { swaggerOptions: auth.swaggerOptions });
 */
@Injectable()
export class AuthDescription {
  private readonly security: RouteSecurity;
  private readonly signIns: readonly SignIn[];

  constructor(
    @Inject(AuthConfig) private readonly config: AuthConfig,
    @Inject(TrustedIssuers) private readonly issuers: TrustedIssuers,
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
  ) {
    this.security = new RouteSecurity(config);
    this.signIns = signInsOf(config);
  }

  /** How Swagger UI signs in: by authorization code with PKCE, and no token outlives the page. */
  get swaggerOptions(): SwaggerSignIn {
    return swaggerSignIn(this.config, this.security.requested);
  }

  /**
   * Completes a document of this application: the security of every route, its answers 401, 403 and 503, and the schemes.
   * `@ApiSecurity()` and its like count for public routes alone.
   * @param create makes the document; it has to do so in this call
   */
  describe<Document extends ApiDocument>(create: () => Document, options: AuthDescriptionOptions = {}): Document {
    const marks = new RouteMarks(this.controllers());
    const document = marks.during(create);
    const named: string[] = [];
    for (const operation of operationsOf(document)) {
      const route = marks.routeOf(operation);
      if (route === undefined) continue;
      const rules = routeRules.get(route.handler, route.controller);
      const isOpen = rules.access === 'public';
      operation.security = isOpen ? route.declared : this.security.of(rules);
      if (!this.config.enabled) operation.security = [];
      if (isOpen || !this.config.enabled) continue;
      operation.responses = withRefusals(operation.responses, refusalResponses(rules, options.errorSchema));
      named.push(...rules.scopes.flatMap(({ scopes }) => scopes));
    }
    return this.withSchemes(document, named, options);
  }

  /**
   * Names the endpoints of the providers in the place of their discovery documents: Swagger UI then offers one way to sign
   * in, and not all that the provider knows. A provider that does not answer stays as it is.
   */
  async resolve<Document extends ApiDocument>(document: Document): Promise<Document> {
    const { securitySchemes } = (document.components ?? {}) as Schemes; // as describe() has written them
    const resolved = await Promise.all(
      this.signIns.map(async (signIn) => {
        const scopes = securitySchemes?.[signIn.scheme]?.['x-scopes'];
        if (scopes === undefined) return [];
        return [[signIn.scheme, signInScheme(signIn, scopes, await this.endpointsOf(signIn))] as const];
      }),
    );
    const schemes = { ...securitySchemes, ...Object.fromEntries(resolved.flat()) };
    return { ...document, components: { ...document.components, securitySchemes: schemes } };
  }

  /** Where a page with Swagger UI sends requests, beside this service: for `connect-src` of its policy. */
  async connectSources(): Promise<string[]> {
    const all = this.signIns.map(async (signIn) => connectSources(signIn, await this.endpointsOf(signIn)));
    return [...new Set((await Promise.all(all)).flat())];
  }

  private withSchemes<Document extends ApiDocument>(
    document: Document,
    named: readonly string[],
    { scopes: own = {}, errorSchema }: AuthDescriptionOptions,
  ): Document {
    const { schemas, securitySchemes } = (document.components ?? {}) as { schemas?: object; securitySchemes?: object };
    const all = [...this.security.offered, ...named];
    const scopes = scopeTexts(all, own, (scope) => this.security.nameAtProvider(scope));
    const signIns = this.signIns.map(
      (signIn) => [signIn.scheme, signInScheme(signIn, scopes, signIn.configured)] as const,
    );
    const components = {
      ...document.components,
      ...(errorSchema === undefined && this.config.enabled && { schemas: { ...schemas, ...refusalSchemas } }),
      securitySchemes: { ...securitySchemes, ...tokenSchemes(this.config), ...Object.fromEntries(signIns) },
    };
    return { ...document, components };
  }

  private endpointsOf(signIn: SignIn): Promise<Partial<SignInEndpoints>> {
    const trusted = this.issuers.all.find(
      ({ config }) => config.kind === 'access' && config.source.name === signIn.issuer,
    );
    return signInEndpoints(signIn, trusted?.metadata, this.config);
  }

  private controllers(): object[] {
    return classesOf({ getControllers: () => this.discovery.getControllers(), getProviders: () => [] });
  }
}
