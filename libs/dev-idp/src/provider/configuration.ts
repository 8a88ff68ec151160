import type { ClientCredentials, AccessToken, Configuration } from 'oidc-provider';
import { accountClaims, claimsByScope } from '../accounts/account.js';
import { logoutPage, logoutDonePage } from '../interactions/logout-pages.js';
import { problemPage } from '../interactions/problem-page.js';
import { deviceConfirmationPage, deviceCodePage, deviceDonePage } from '../interactions/device-pages.js';
import { StateAdapter } from '../state/state-adapter.js';
import { isLoopbackUrl } from './loopback.js';
import type { ProviderParts } from './provider-parts.js';
import { platformResource } from './provider-parts.js';
import { resourceServer } from './resource-server.js';

/** The whole configuration of `oidc-provider`: every default that would print a notice is replaced. */
export function providerConfiguration(parts: ProviderParts): Configuration {
  const { keys, store, tokens, accounts, clients } = parts;
  const { refreshReuseGraceSeconds } = tokens;
  const reuseError = (): Error => new parts.oidc.errors.InvalidGrant('already used');
  return {
    adapter: (model) => new StateAdapter(model, store, { refreshReuseGraceSeconds, reuseError }),
    jwks: keys.jwks,
    clients: clients.metadata(),
    cookies: {
      keys: [...keys.cookieKeys],
      // Cookies know no ports: names of our own keep clear of whatever else runs on this machine.
      names: { session: 'nmp_idp_session', interaction: 'nmp_idp_interaction', resume: 'nmp_idp_resume' },
    },
    claims: Object.fromEntries(Object.entries(claimsByScope).map(([scope, names]) => [scope, [...names]])),
    scopes: ['openid', 'offline_access'],
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    routes: { authorization: '/authorize', revocation: '/revoke', userinfo: '/userinfo', end_session: '/logout' },
    findAccount: (_context, subject) => {
      const account = accounts.find(subject);
      return account && { accountId: account.subject, claims: () => accountClaims(account) };
    },
    // Every sign-in has a grant of its own: revoking one leaves the others of the same browser alone.
    loadExistingGrant: async ({ oidc }) => {
      const grantId = oidc.result?.consent?.grantId;
      return grantId === undefined ? undefined : oidc.provider.Grant.find(grantId);
    },
    expiresWithSession: () => false,
    extraTokenClaims: (_context, token) => identityClaims(parts, token),
    rotateRefreshToken: tokens.refreshTokenRotation,
    clientBasedCORS: (_context, origin) => isLoopbackUrl(origin),
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    renderError: problemPage,
    features: features(parts),
    ttl: {
      AccessToken: tokens.accessTokenTtlSeconds,
      ClientCredentials: tokens.accessTokenTtlSeconds,
      IdToken: tokens.accessTokenTtlSeconds,
      DeviceCode: tokens.deviceCodeTtlSeconds,
      RefreshToken: tokens.refreshTokenTtlSeconds,
      AuthorizationCode: 60,
      Interaction: 3600,
      Session: 14 * 24 * 3600,
      // A grant outlives the chain of refresh tokens that rests on it.
      Grant: 365 * 24 * 3600,
    },
  };
}

function features(parts: ProviderParts): Configuration['features'] {
  return {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    pushedAuthorizationRequests: { enabled: false },
    revocation: { enabled: true, allowedPolicy: (_context, client, token) => token.clientId === client.clientId },
    deviceFlow: {
      enabled: true,
      userCodeInputSource: deviceCodePage,
      userCodeConfirmSource: deviceConfirmationPage,
      successSource: deviceDonePage,
    },
    rpInitiatedLogout: { enabled: true, logoutSource: logoutPage, postLogoutSuccessSource: logoutDonePage },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => platformResource,
      useGrantedResource: () => true,
      getResourceServerInfo: (context, resource, client) => resourceServer(parts, context, resource, client),
    },
  };
}

/** Who the caller is, in the access token itself. @see RFC 9068 §2.2.2 */
function identityClaims(parts: ProviderParts, token: AccessToken | ClientCredentials): Record<string, unknown> {
  const account = token.kind === 'AccessToken' ? parts.accounts.find(token.accountId) : undefined;
  if (account === undefined) return {};
  return { email: account.email, email_verified: account.emailVerified, groups: account.groups };
}
