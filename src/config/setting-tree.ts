/** What a setting holds, and so how it is read from an environment variable. */
export type SettingKind = 'text' | 'boolean' | 'integer' | 'number' | 'list' | 'text-or-list' | 'text-map';

/** A mapping with known keys. With `orFalse` it can be switched off as a whole by `false`. */
export interface Section {
  readonly section: SettingTree;
  readonly orFalse?: boolean;
}

/** A list of texts or of mappings with known keys; an environment variable can give texts only. */
export interface EntryList {
  readonly entries: SettingTree;
}

export interface SettingTree {
  readonly [key: string]: SettingKind | Section | EntryList;
}

const claim = 'text-or-list';

/** The settings below `auth` that are not the auth module's: how the service itself decides who may do what, and its keys. */
export const serviceAuthSettings = {
  policy_decision_point_provider: 'text',
  policy_decision_point_base_url: 'text',
  policy_decision_point_token: 'text',
  policy_decision_point_request_timeout_seconds: 'number',
  policy_data_refresh_interval: 'number',
  propagation_poll_interval_seconds: 'number',
  bundle_cache_seconds: 'number',
  roles_file: 'text',
  accept_unverified_email: 'boolean',
  access_keys: {
    section: {
      enabled: 'boolean',
      issue_format: 'text',
      accepted_formats: 'list',
      audience: 'text',
      default_expires_in_seconds: 'integer',
      max_expires_in_seconds: 'integer',
      max_per_owner: 'integer',
    },
  },
} as const satisfies SettingTree;

/** The settings below `auth.oidc` that name files: what is in them is an option of the auth module. */
export const introspectionFileSettings = {
  introspection_client_secret_file: 'text',
  introspection_private_key_file: 'text',
} as const satisfies SettingTree;

/** Every setting of the service under the name it has in the file. */
export const settingTree = {
  server: {
    section: {
      host: 'text',
      port: 'integer',
      trusted_proxies: 'list',
      cors: { section: { origins: 'list' } },
      rate_limit: {
        section: { public_requests_per_minute: 'integer', failures_per_minute: 'integer' },
        orFalse: true,
      },
      max_pending_requests: 'integer',
      max_event_loop_delay_ms: 'integer',
    },
  },
  public_url: 'text',
  data_dir: 'text',
  database: { section: { url: 'text' } },
  audit: { section: { retention_days: 'integer' } },
  log: { section: { level: 'text' } },
  metrics: { section: { enabled: 'boolean', host: 'text', port: 'integer' } },
  signing_keys: { section: { rotation_days: 'integer', encryption_key_file: 'text' } },
  hop_tokens: { section: { audiences: 'list', life_seconds: 'integer' } },
  token_exchange: {
    section: {
      audience: 'text',
      rules: {
        entries: {
          name: 'text',
          issuer: 'text',
          jwks_uri: 'text',
          discovery_url: 'text',
          audience: 'text',
          subject: 'text',
          claims: 'text-map',
          principal: { section: { id: 'text', email: 'text', groups: 'list' } },
          scopes: 'list',
          life_seconds: 'integer',
        },
      },
    },
  },
  messaging: {
    section: {
      nats: { section: { servers: 'list', queue: 'text', user: 'text', password: 'text', token: 'text' } },
      grpc: {
        section: { host: 'text', port: 'integer', tls: { section: { cert_file: 'text', key_file: 'text' } } },
      },
    },
  },
  auth: {
    section: {
      enabled: 'boolean',
      admin_email: 'text',
      ...serviceAuthSettings,
      realm: 'text',
      algorithms: 'list',
      profile: 'text',
      clock_tolerance_seconds: 'number',
      max_token_age_seconds: 'number',
      jwks_max_age_seconds: 'number',
      jwks_cooldown_seconds: 'number',
      jwks_stale_seconds: 'number',
      http_timeout_ms: 'number',
      allow_insecure_http: 'boolean',
      cache: { section: { max: 'integer', ttl_seconds: 'number' }, orFalse: true },
      max_pending_verifications: 'integer',
      scope_enforcement: 'text',
      scope_areas: 'list',
      explain_refusals: 'boolean',
      allow_unsigned_jwt: 'boolean',
      service_clients: { entries: { issuer: 'text', client_id: 'text', name: 'text' } },
      trusted_headers: { section: { cidrs: 'list', secret_header: 'text', secret: 'text' } },
      dpop: {
        section: {
          enabled: 'boolean',
          required: 'boolean',
          algorithms: 'list',
          proof_max_age_seconds: 'number',
          nonce: { section: { secret: 'text', life_seconds: 'number' } },
        },
      },
      mtls: { section: { source: 'text', header: 'text' } },
      oidc: {
        section: {
          enabled: 'boolean',
          issuer: 'text',
          client_id: 'text',
          additional_issuers: {
            entries: {
              issuer: 'text',
              jwks_uri: 'text',
              discovery_url: 'text',
              audience: 'text-or-list',
              tenants: 'list',
              email_claim: claim,
              subject_claim: claim,
              groups_claim: claim,
              shares_users: 'boolean',
            },
          },
          audience: 'text-or-list',
          verify_audience: 'boolean',
          accept_authorized_party: 'boolean',
          authorized_parties: 'list',
          tenants: 'list',
          require_verified_email: 'boolean',
          email_claim: claim,
          subject_claim: claim,
          groups_claim: claim,
          default_scopes: 'text',
          scope_prefix: 'text',
          login_parameters: 'text-map',
          authorization_endpoint: 'text',
          token_endpoint: 'text',
          device_authorization_endpoint: 'text',
          userinfo_endpoint: 'text',
          jwks_uri: 'text',
          discovery_url: 'text',
          discovery_cache_ttl_seconds: 'number',
          introspect_opaque_tokens: 'boolean',
          introspection_endpoint: 'text',
          introspection_client_id: 'text',
          introspection_client_secret: 'text',
          introspection_private_key: 'text',
          introspection_auth_method: 'text',
          ...introspectionFileSettings,
          introspection_requires_token_type: 'boolean',
          introspect_unverifiable_jwts: 'boolean',
          resolve_opaque_tokens_via_userinfo: 'boolean',
          opaque_token_cache_seconds: 'number',
          opaque_token_concurrency: 'integer',
        },
      },
      hop: { section: { issuer: 'text', audience: 'text', jwks_uri: 'text', discovery_url: 'text' } },
    },
  },
} as const satisfies SettingTree;
