import type { Provider } from 'oidc-provider';
import { interactionPages } from '../interactions/interactions.js';
import { prefilledDevicePage } from '../interactions/device-pages.js';
import { startPage } from '../interactions/start-page.js';
import { knownScopes } from '../scopes.js';
import { limitBodies } from './body-limit.js';
import { providerConfiguration } from './configuration.js';
import { logEvents } from './event-log.js';
import { isLoopbackUrl } from './loopback.js';
import { registerPasswordGrant } from './password-grant.js';
import type { Middleware, ProviderParts } from './provider-parts.js';
import { refuseUnknownRoutes } from './routes.js';
import { userinfo } from './userinfo.js';

/** Puts a provider together: the library, our grant type, our pages, our checks. */
export function createProvider(parts: ProviderParts): Provider {
  const provider = new parts.oidc.Provider(parts.issuer, providerConfiguration(parts));
  registerPasswordGrant(provider, parts);
  acceptLoopbackRedirects(provider);
  logEvents(provider, parts.logger);
  provider.use(limitBodies());
  provider.use(refuseForeignHosts(parts.issuer));
  provider.use(refuseUnknownRoutes(parts.issuer));
  provider.use(startPage());
  provider.use(listAllScopes());
  provider.use(prefilledDevicePage());
  provider.use(userinfo(parts));
  provider.use(interactionPages(provider, parts));
  return provider;
}

/** Public clients may come back to any loopback address: on one's own machine every tool has its own path. */
function acceptLoopbackRedirects(provider: Provider): void {
  const { prototype } = provider.Client;
  const { redirectUriAllowed } = prototype;
  prototype.redirectUriAllowed = function allowed(redirectUri) {
    const isPublic = this.clientAuthMethod === 'none' && this.grantTypeAllowed('authorization_code');
    return (isPublic && isLoopbackUrl(redirectUri)) || redirectUriAllowed.call(this, redirectUri);
  };
}

/** Answers only under a loopback name or the issuer's own: a foreign name that resolves here is an attack. */
function refuseForeignHosts(issuer: string): Middleware {
  const { host } = new URL(issuer);
  return async (context, next) => {
    if (isLoopbackUrl(`http://${context.host}`) || context.host === host) return next();
    context.status = 403;
    context.body = `This development identity provider answers on this machine only, at ${issuer}\n`;
  };
}

/** The library lists only OpenID's scopes in its discovery document. @see RFC 8414 §2 */
function listAllScopes(): Middleware {
  return async (context, next) => {
    await next();
    const isDocument = /^\/\.well-known\/(openid-configuration|oauth-authorization-server)\/?$/i.test(context.path);
    if (isDocument && context.method !== 'OPTIONS') {
      context.body = { ...(context.body as object), scopes_supported: knownScopes };
    }
  };
}
