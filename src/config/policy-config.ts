import { isSecureUrl } from '@nmp/tokens';
import { IsBoolean, IsIn, IsNumber, IsOptional, IsUrl, Matches, Max, Min } from 'class-validator';
import { checkedSettings } from './checked-settings.js';
import type { Settings } from './file-settings.js';

const aDay = 86_400;
const opaUrl = 'auth.policy_decision_point_base_url';

/** How the service decides who may do what, with the rules and defaults of the settings. */
export class PolicyConfig {
  /** Who decides: the engine in this process, or an Open Policy Agent that loads the bundle. */
  @IsIn(['embedded', 'opa'], { message: 'auth.policy_decision_point_provider must be embedded or opa' })
  provider: 'embedded' | 'opa' = 'embedded';

  /** Where the Open Policy Agent is. */
  @IsOptional()
  @IsUrl(
    { protocols: ['http', 'https'], require_protocol: true, require_tld: false, disallow_auth: true },
    { message: `${opaUrl} must be an http or https URL` },
  )
  decisionPointUrl?: string;

  /** What the Open Policy Agent wants to see, where it asks for it. */
  @IsOptional()
  @Matches(/^[\w.~+/=-]{1,8192}$/, { message: 'auth.policy_decision_point_token must be a bearer token' })
  decisionPointToken?: string;

  @IsNumber({}, { message: 'auth.policy_decision_point_request_timeout_seconds must be a number' })
  @Min(0.1, { message: 'auth.policy_decision_point_request_timeout_seconds must be between 0.1 and 60' })
  @Max(60, { message: 'auth.policy_decision_point_request_timeout_seconds must be between 0.1 and 60' })
  requestTimeoutSeconds = 5;

  /** How often all role bindings are read again, so that a lost notification is made good. */
  @IsNumber({}, { message: 'auth.policy_data_refresh_interval must be a number of seconds' })
  @Min(1, { message: 'auth.policy_data_refresh_interval must be between 1 and 86400' })
  @Max(aDay, { message: 'auth.policy_data_refresh_interval must be between 1 and 86400' })
  refreshIntervalSeconds = 30;

  /** How often a decision point outside is asked whether a change has reached it. */
  @IsNumber({}, { message: 'auth.propagation_poll_interval_seconds must be a number' })
  @Min(0.1, { message: 'auth.propagation_poll_interval_seconds must be between 0.1 and 30' })
  @Max(30, { message: 'auth.propagation_poll_interval_seconds must be between 0.1 and 30' })
  propagationPollSeconds = 1;

  /** How long a bundle is handed out before a newer one is made. */
  @IsNumber({}, { message: 'auth.bundle_cache_seconds must be a number' })
  @Min(0, { message: 'auth.bundle_cache_seconds must be between 0 and 86400' })
  @Max(aDay, { message: 'auth.bundle_cache_seconds must be between 0 and 86400' })
  bundleCacheSeconds = 5;

  /** A YAML file with roles of the operator's own. */
  @IsOptional()
  @Matches(/\S/, { message: 'auth.roles_file must not be empty' })
  rolesFile?: string;

  /** Whether an e-mail address counts that its provider says is not verified. */
  @IsBoolean({ message: 'auth.accept_unverified_email must be true or false' })
  acceptUnverifiedEmail = false;
}

/** Checks the settings, fills in the defaults, and adds a line to `problems` for each that is wrong. */
export function policyConfigOf(settings: Settings, problems: string[]): PolicyConfig {
  const given = {
    provider: settings.policy_decision_point_provider,
    decisionPointUrl: settings.policy_decision_point_base_url,
    decisionPointToken: settings.policy_decision_point_token,
    requestTimeoutSeconds: settings.policy_decision_point_request_timeout_seconds,
    refreshIntervalSeconds: settings.policy_data_refresh_interval,
    propagationPollSeconds: settings.propagation_poll_interval_seconds,
    bundleCacheSeconds: settings.bundle_cache_seconds,
    rolesFile: settings.roles_file,
    acceptUnverifiedEmail: settings.accept_unverified_email,
  };
  const config = new PolicyConfig();
  const wrong = checkedSettings(config, given);
  problems.push(...(wrong.length > 0 ? wrong : opaProblems(config, settings.allow_insecure_http === true)));
  return config;
}

function opaProblems({ provider, decisionPointUrl }: PolicyConfig, allowsHttp: boolean): string[] {
  if (provider !== 'opa') return [];
  if (decisionPointUrl === undefined) return [`${opaUrl} must say where the Open Policy Agent is`];
  if (allowsHttp || isSecureUrl(decisionPointUrl)) return [];
  return [`${opaUrl} must be an https URL (plain http only on this machine, or with auth.allow_insecure_http)`];
}
