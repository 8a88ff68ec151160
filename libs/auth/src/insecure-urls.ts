import { isSecureUrl, parseUrl } from '@nmp/tokens';

/** A line for each of the named URLs that could be listened to on the way. What is no URL is told elsewhere. */
export function insecureUrls<Name extends string>(
  path: string,
  options: { readonly [name in Name]?: string | undefined },
  names: readonly Name[],
): string[] {
  return names
    .filter((name) => isInsecure(options[name]))
    .map((name) => `${path}.${name} must be an https URL (plain http only on this machine, or with allowInsecureHttp)`);
}

function isInsecure(url: string | undefined): boolean {
  return url !== undefined && parseUrl(url) !== undefined && !isSecureUrl(url);
}
