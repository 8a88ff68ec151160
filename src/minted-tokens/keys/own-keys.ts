import type { KeyReader } from '@nmp/auth';

/**
 * The public keys of this service, for its own verifier: the auth module is configured before there is a database, and
 * reads them when there is.
 */
export class OwnKeys {
  private source: KeyReader | undefined;

  connect(source: KeyReader): void {
    this.source = source;
  }

  readonly read: KeyReader = async () => (await this.source?.()) ?? [];
}
