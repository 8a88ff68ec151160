import { transcripts } from './transcripts.js';

/** Which transcripts show a client rule at work. */
export const clientRules: Readonly<Record<string, readonly string[]>> = {
  C1: [
    'generic-password-redirect',
    'generic-token-endpoint-redirect',
    'generic-password-special-characters',
    'github-device-form-encoded-answer',
  ],
  C2: [
    'pingam-device-403-pending',
    'google-device-success-verification-url',
    'google-device-slow-down-403',
    'generic-password-401-www-authenticate',
  ],
  C3: ['generic-password-200-with-error'],
  C4: [
    'generic-interval-missing',
    'generic-expires-in-string',
    'generic-expires-in-missing',
    'generic-token-expires-in-float',
    'authentik-device-never-slow-down',
  ],
  C5: ['keycloak-device-slow-down', 'generic-slow-down-three-times', 'generic-slow-down-with-retry-after'],
  C6: ['generic-429-retry-after-http-date', 'generic-429-without-retry-after'],
  C7: [
    'generic-502-html-while-polling',
    'generic-503-retry-after-while-polling',
    'generic-temporarily-unavailable',
    'generic-connection-timeouts-backoff',
  ],
  C8: [
    'keycloak-device-short-lifespan',
    'generic-local-deadline',
    'generic-429-retry-after-beyond-deadline',
    'authentik-device-one-minute-code',
  ],
  C9: [
    'azure-device-declined',
    'okta-device-denied',
    'okta-device-expired',
    'pingam-device-declined',
    'generic-unknown-error-code',
  ],
  C10: [
    'google-device-success-verification-url',
    'generic-verification-uri-javascript',
    'generic-complete-uri-missing',
  ],
  C11: [
    'generic-device-endpoint-502-then-ok',
    'generic-device-endpoint-502-thrice',
    'authentik-device-throttled-429-slow-down',
  ],
  C12: [
    'generic-password-502-html',
    'generic-password-timeout',
    'azure-password-tenant-throttled',
    'azure-password-mfa-required',
    'okta-password-mfa-required',
  ],
  C13: [
    'generic-refresh-rotates',
    'google-refresh-no-new-refresh-token',
    'okta-refresh-static',
    'generic-refresh-invalid-grant',
    'generic-refresh-timeout',
  ],
  C14: ['gitlab-device-success-opaque', 'hydra-device-success-opaque'],
  C15: [
    'generic-description-with-escape-sequences',
    'generic-huge-body',
    'generic-json-with-bom-and-wrong-content-type',
  ],
};

/** The rules that a transcript is an example of. */
export function rulesOf(id: string): string[] {
  return Object.keys(clientRules).filter((rule) => clientRules[rule]?.includes(id));
}

/** What the table names and nobody recorded. */
export const unknownTranscripts = Object.values(clientRules)
  .flat()
  .filter((id) => !transcripts.some((transcript) => transcript.id === id));
