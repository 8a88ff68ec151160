import { Controller, Get, Inject, type Type, VERSION_NEUTRAL } from '@nestjs/common';
import { AuthConfig, type PublishedConfig } from '../auth-config.js';
import { DocumentFetchError } from '../keys/fetch-document.js';
import { TrustedIssuers } from '../keys/trusted-issuers.js';
import { Public } from './auth.decorators.js';

/** What clients need to know in order to sign in. The names are those of the wire. */
export interface DiscoveryDocument {
  readonly auth_enabled: boolean;
  /** There when programs on the platform's own machine need no provider: they write their tokens themselves. */
  readonly allow_unsigned_jwt?: true;
  readonly oidc: {
    readonly issuer: string;
    readonly authorization_endpoint: string | null;
    readonly token_endpoint: string | null;
    readonly device_authorization_endpoint: string | null;
    readonly userinfo_endpoint: string | null;
    readonly client_id: string;
    readonly default_scopes: string;
    readonly scope_prefix: string | null;
    /** Parameters to add to the requests of a sign-in; absent when there are none. */
    readonly login_parameters?: Readonly<Record<string, string>>;
    readonly workload_token_exchange_enabled: boolean;
    readonly workload_client_id: string | null;
    readonly workload_token_endpoint: string | null;
    readonly workload_audience: string | null;
    readonly workload_scope: string | null;
  } | null;
}

type Endpoint = 'authorization_endpoint' | 'token_endpoint' | 'device_authorization_endpoint' | 'userinfo_endpoint';

/** Makes the controller that publishes how to sign in, at a path of the application's choice. */
export function discoveryController(path: string): Type {
  @Public()
  @Controller({ path, version: VERSION_NEUTRAL })
  class DiscoveryController {
    constructor(
      @Inject(AuthConfig) private readonly config: AuthConfig,
      @Inject(TrustedIssuers) private readonly issuers: TrustedIssuers,
    ) {}

    /** Always answers: endpoints that neither the options nor the provider's document give are null. */
    @Get()
    async discover(): Promise<DiscoveryDocument> {
      const { enabled, published, allowUnsignedJwt } = this.config;
      return {
        auth_enabled: enabled,
        ...(allowUnsignedJwt && { allow_unsigned_jwt: true }),
        oidc: published ? await this.oidc(published) : null,
      };
    }

    private async oidc(published: PublishedConfig): Promise<DiscoveryDocument['oidc']> {
      const { issuer, clientId, defaultScopes, scopePrefix, loginParameters, workload } = published;
      return {
        issuer,
        ...(await this.endpoints(published)),
        client_id: clientId,
        default_scopes: defaultScopes,
        scope_prefix: scopePrefix,
        ...(loginParameters && { login_parameters: loginParameters }),
        workload_token_exchange_enabled: workload !== undefined,
        workload_client_id: null,
        workload_token_endpoint: workload?.tokenEndpoint ?? null,
        workload_audience: workload?.audience ?? null,
        workload_scope: null,
      };
    }

    private async endpoints(published: PublishedConfig): Promise<Record<Endpoint, string | null>> {
      const overrides: Record<Endpoint, string | undefined> = {
        authorization_endpoint: published.authorizationEndpoint,
        token_endpoint: published.tokenEndpoint,
        device_authorization_endpoint: published.deviceAuthorizationEndpoint,
        userinfo_endpoint: published.userinfoEndpoint,
      };
      const isComplete = Object.values(overrides).every((endpoint) => endpoint !== undefined);
      const document = isComplete ? {} : await this.providersDocument();
      const endpoint = (name: Endpoint): string | null => {
        const discovered = document[name];
        return overrides[name] ?? (typeof discovered === 'string' ? discovered : null);
      };
      return {
        authorization_endpoint: endpoint('authorization_endpoint'),
        token_endpoint: endpoint('token_endpoint'),
        device_authorization_endpoint: endpoint('device_authorization_endpoint'),
        userinfo_endpoint: endpoint('userinfo_endpoint'),
      };
    }

    private async providersDocument(): Promise<Record<string, unknown>> {
      try {
        return (await this.issuers.main?.metadata.read()) ?? {};
      } catch (error) {
        if (error instanceof DocumentFetchError) return {};
        throw error;
      }
    }
  }
  return DiscoveryController;
}
