import type { Provider, TokenEndpointGrantContext } from 'oidc-provider';
import type { Account } from '../accounts/account.js';
import { scopedClaims } from '../accounts/account.js';
import { oidcScopes, splitScope } from '../scopes.js';
import type { ProviderParts } from './provider-parts.js';
import { platformResource } from './provider-parts.js';
import { resourceServer } from './resource-server.js';

interface PasswordParameters {
  readonly username?: string;
  readonly password?: string;
}

type GrantContext = TokenEndpointGrantContext<PasswordParameters>;

/** Teaches a provider the grant type `password`. @see RFC 6749 §4.3 */
export function registerPasswordGrant(provider: Provider, parts: ProviderParts): void {
  provider.registerGrantType<PasswordParameters>('password', (context) => answer(parts, context), [
    'username',
    'password',
    'scope',
  ]);
}

async function answer(parts: ProviderParts, context: GrantContext): Promise<void> {
  const { provider, client } = context.oidc;
  const account = authenticate(parts, context);
  const server = resourceServer(parts, context, platformResource, client);
  const scopes = splitScope(context.oidc.params.scope);
  const grantId = await saveGrant(context, account, scopes);
  const scope = scopes.join(' ');
  const accessToken = new provider.AccessToken({
    client,
    accountId: account.subject,
    grantId,
    gty: 'password',
    scope,
    resourceServer: new provider.ResourceServer(platformResource, server),
  });
  context.body = {
    access_token: await accessToken.save(),
    expires_in: accessToken.expiration,
    token_type: accessToken.tokenType,
    scope,
    refresh_token: await refreshToken(context, account, grantId, scopes),
    id_token: await idToken(context, account, scopes),
  };
}

function authenticate(parts: ProviderParts, context: GrantContext): Account {
  const { InvalidRequest, CustomOIDCProviderError } = parts.oidc.errors;
  const { username, password } = context.oidc.params;
  if (username === undefined) throw new InvalidRequest("missing required parameter 'username'");
  if (password === undefined) throw new InvalidRequest("missing required parameter 'password'");
  const account = parts.accounts.authenticate(username, password);
  // One answer for an unknown name and a wrong password. @see RFC 6749 §5.2
  if (account === undefined) throw new CustomOIDCProviderError('invalid_grant', 'wrong username or password');
  context.oidc.entity('Account', { accountId: account.subject });
  return account;
}

async function saveGrant(context: GrantContext, account: Account, scopes: readonly string[]): Promise<string> {
  const { provider, client } = context.oidc;
  const grant = new provider.Grant({ accountId: account.subject, clientId: client.clientId });
  grant.addOIDCScope(scopes.filter((scope) => oidcScopes.includes(scope)));
  grant.addResourceScope(platformResource, [...scopes]);
  return grant.save();
}

async function refreshToken(
  context: GrantContext,
  account: Account,
  grantId: string,
  scopes: readonly string[],
): Promise<string | undefined> {
  const { provider, client } = context.oidc;
  if (!scopes.includes('offline_access') || !client.grantTypeAllowed('refresh_token')) return undefined;
  const token = new provider.RefreshToken({
    client,
    accountId: account.subject,
    grantId,
    gty: 'password',
    resource: platformResource,
    rotations: 0,
    scope: scopes.join(' '),
  });
  return token.save();
}

async function idToken(
  context: GrantContext,
  account: Account,
  scopes: readonly string[],
): Promise<string | undefined> {
  if (!scopes.includes('openid')) return undefined;
  const token = new context.oidc.provider.IdToken({}, { ctx: context });
  for (const [claim, value] of Object.entries(scopedClaims(account, scopes))) token.set(claim, value);
  return token.issue({ use: 'idtoken' });
}
