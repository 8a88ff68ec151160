import type { EventEmitter } from 'node:events';
import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import { systemErrorCode } from '../errors.js';
import type { Logger } from '../logger.js';

/** Writes one line for what happens at the provider: which grant, which client, whose sign-in; never a secret. */
export function logEvents(provider: Provider, logger: Logger): void {
  const refused = (what: string) => (context: KoaContextWithOIDC, error: Error) => {
    // A device that polls while its user still types is no event.
    if (error.message === 'authorization_pending') return;
    logger.warn(`${what} refused: ${error.message}${details(context)}${reason(error)}`);
  };
  provider.on('grant.success', (context) => {
    logger.info(`token issued${details(context)}`);
  });
  provider.on('grant.error', refused('token'));
  provider.on('device_authorization.success', (context) => {
    logger.info(`device sign-in started${details(context)}`);
  });
  provider.on('device_authorization.error', refused('device sign-in'));
  provider.on('authorization.success', (context) => {
    logger.info(`sign-in completed${details(context)}`);
  });
  provider.on('authorization.error', refused('sign-in'));
  provider.on('revocation.error', refused('revocation'));
  provider.on('userinfo.error', refused('userinfo'));
  provider.on('grant.revoked', (context) => {
    logger.info(`sign-in revoked${details(context)}`);
  });
  provider.on('server_error', (context, error) => {
    logger.warn(`internal error at ${context.method} ${context.path}: ${error.message}`);
  });
  // With a listener of its own, Koa prints nothing itself.
  const koa: EventEmitter = provider;
  koa.on('error', (error: Error) => {
    // A client that hangs up or speaks no HTTP is no fault of ours.
    if (/^(?:HPE_|ECONN|EPIPE)/.test(systemErrorCode(error) ?? '')) return;
    logger.warn(`internal error: ${error.message}`);
  });
}

/** What the library knows about a refusal; a cause it did not word itself might quote the request. */
function reason(error: Error & { error_detail?: string; error_description?: string }): string {
  const detail = error.cause === undefined ? error.error_detail : undefined;
  const text = detail ?? error.error_description;
  return text === undefined ? '' : ` reason=${JSON.stringify(text).replace(/[^ -~]/g, '?')}`;
}

function details({ oidc }: KoaContextWithOIDC): string {
  const grantType = oidc.params?.['grant_type'];
  const values = {
    grant: typeof grantType === 'string' ? grantType : undefined,
    client: oidc.client?.clientId,
    sub: oidc.account?.accountId ?? oidc.session?.accountId,
  };
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${JSON.stringify(value)}`)
    .join('');
}
