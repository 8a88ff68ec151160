import type { AuthModuleOptions } from './auth-options.js';
import { dpopConfigOf } from './possession-config.js';

/** What is wrong with the options about bound tokens beside the others. */
export function possessionProblems(options: AuthModuleOptions): string[] {
  const { mtls, publicUrl, trustedHeaders } = options;
  return [
    ...(dpopConfigOf(options) && publicUrl === undefined
      ? [
          'publicUrl must be set, since dpop is: proofs are for an address, and what a request says of it is not believed',
        ]
      : []),
    ...(mtls?.source === 'header' && trustedHeaders === undefined
      ? ['trustedHeaders must be set, since mtls.source is "header": anybody could write the certificate otherwise']
      : []),
    ...(mtls?.source === 'connection' && mtls.header !== undefined
      ? ['mtls.header must be left out, since mtls.source is "connection"']
      : []),
  ];
}
