import type { AuthConfig } from '@nmp/auth';
import type { PolicySettings } from './engine/policy-data.js';

/** How the rules are set: as the auth module's own check of scopes is. */
export function policySettingsOf({ scopes }: Pick<AuthConfig, 'scopes'>): PolicySettings {
  return { scopeEnforcement: scopes.enforcement, scopeAreas: [...scopes.areas] };
}
