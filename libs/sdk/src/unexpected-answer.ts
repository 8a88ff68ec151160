import { addressSources } from './address-sources.js';

/** The sentence for an answer that no platform would give. */
export function unlikeThePlatform(baseUrl: string, why: string): string {
  return `${baseUrl} answered, but not like the platform: ${why}; check the address (${addressSources})`;
}
