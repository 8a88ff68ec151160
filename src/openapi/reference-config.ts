import { LoadLimits } from '../config/load-limits.js';
import type { PlatformConfig } from '../config/platform-config.js';
import { PolicyConfig } from '../config/policy-config.js';
import { IN_MEMORY } from '../storage/embedded-database.js';

/** The configuration that the checked-in API description is made with: nobody's own provider. */
export const referenceConfig: PlatformConfig = {
  server: { host: '127.0.0.1', port: 0 },
  exposure: { trustedProxies: [], corsOrigins: [], rateLimit: false },
  loadLimits: new LoadLimits(),
  publicUrl: 'https://platform.example.com',
  dataDir: IN_MEMORY,
  databaseUrl: undefined,
  audit: { retentionDays: 90 },
  log: { level: 'info' },
  metrics: { enabled: true, host: '127.0.0.1', port: undefined },
  signingKeys: { rotationDays: 30 },
  messaging: {},
  policy: new PolicyConfig(),
  auth: {
    oidc: {
      issuer: 'https://idp.example.com',
      clientId: 'nmp-cli',
      defaultScopes: 'openid profile email offline_access platform:read platform:write',
    },
  },
};
