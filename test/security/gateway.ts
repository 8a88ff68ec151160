import type { TrustedHeadersOptions } from '@nmp/auth';
import type { Asked, StageSetting } from './stage.js';

export const secret = 'a secret of the gateway';
export const proof = `X-Gateway: ${secret}`;
export const id = 'X-NMP-Principal-Id: gateway-user';
export const email = 'X-NMP-Principal-Email: user@example.com';
export const scopes = 'X-NMP-Scopes: orders:read';
export const told = { kind: 'user', id: 'gateway-user' };
export const lines = (...written: string[]): Asked => ({ lines: written });

const trusting = (trustedHeaders: TrustedHeadersOptions): StageSetting => ({ options: { trustedHeaders } });
export const fromHere = trusting({ cidrs: ['127.0.0.0/8'] });
export const bySecret = trusting({ secretHeader: 'X-Gateway', secret });
export const farAway = trusting({ cidrs: ['10.0.0.0/8', '2001:db8::/32'], secretHeader: 'X-Gateway', secret });
