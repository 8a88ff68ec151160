import { accessKeysConfigOf } from './access-keys-config.js';
import type { PlatformConfig } from './platform-config.js';
import type { Settings } from './file-settings.js';
import { hopTokensConfigOf, signingKeysConfigOf } from './hop-tokens-config.js';
import { mintedNamesOf } from './minted-names.js';
import { tokenExchangeConfigOf } from './token-exchange-config.js';

/**
 * The part of the configuration that is about tokens which the platform issues itself. Adds a line to `problems` for each
 * setting that is wrong.
 */
export function mintedConfigOf(
  settings: Settings,
  publicUrl: string,
  problems: string[],
): Pick<PlatformConfig, 'signingKeys' | 'hopTokens' | 'tokenExchange' | 'accessKeys'> {
  const sections = settings as Partial<Record<string, Settings>>;
  const auth = sections.auth ?? {};
  const names = mintedNamesOf(publicUrl);
  const taken = [publicUrl, ...accessAudiences((auth.oidc ?? {}) as Settings)];
  const surroundings = {
    issuer: names.issuer,
    defaultAudience: names.workloadAudience,
    taken,
    allowInsecureHttp: auth.allow_insecure_http === true,
  };
  const tokenExchange = tokenExchangeConfigOf(sections.token_exchange, surroundings, problems);
  const workloads = tokenExchange === undefined ? [] : [tokenExchange.audience];
  const signingKeys = signingKeysConfigOf(sections.signing_keys, problems);
  const accessKeys = accessKeysConfigOf(
    auth.access_keys as Settings | undefined, // by the tree of settings
    { taken: [...taken, ...workloads], rotationDays: signingKeys.rotationDays },
    problems,
  );
  const keys = accessKeys === undefined ? [] : [accessKeys.audience];
  const hopTokens = hopTokensConfigOf(sections.hop_tokens, [...taken, ...workloads, ...keys], problems);
  return {
    signingKeys,
    ...(hopTokens && { hopTokens }),
    ...(tokenExchange && { tokenExchange }),
    // Where everybody is let in, nobody is anybody a key could be made for.
    ...(accessKeys && auth.enabled !== false && { accessKeys }),
  };
}

/** What access tokens of the trusted providers carry in `aud`. */
function accessAudiences(oidc: Settings): string[] {
  const { audience, client_id: clientId, additional_issuers: others = [] } = oidc;
  const entries = Array.isArray(others) ? (others as unknown[]) : [];
  const ofOthers = entries.map((entry) =>
    typeof entry === 'object' && entry !== null ? (entry as Settings).audience : undefined,
  );
  return [audience ?? clientId, ...ofOthers].flat().filter((item) => typeof item === 'string');
}
