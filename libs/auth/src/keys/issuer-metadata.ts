import { isEndpointUrl, issuerNearMiss } from '@nmp/tokens';
import type { IssuerSource } from '../issuer-config.js';
import type { Clock } from '../clock.js';
import { DocumentFetchError, type DocumentFetching, fetchDocument } from './fetch-document.js';

/** How the discovery document is kept. */
export interface MetadataSettings extends DocumentFetching {
  /** How long a document is used before it is read again. */
  readonly discoveryCacheTtlSeconds: number;
  /** How long after a failure no other attempt is made. */
  readonly jwksCooldownSeconds: number;
  readonly allowInsecureHttp: boolean;
}

/**
 * The discovery document of one issuer: fetched when first needed, by one request for any number of callers, read again
 * when it has aged, served stale while the provider cannot be reached.
 * @see OIDC Discovery §4, RFC 8414 §3
 */
export class IssuerMetadata {
  private document: Record<string, unknown> | undefined;
  private readAt = Number.NEGATIVE_INFINITY;
  private failure: { readonly error: DocumentFetchError; readonly at: number } | undefined;
  private inFlight: Promise<Record<string, unknown>> | undefined;
  private failures = 0;

  constructor(
    private readonly source: IssuerSource,
    private readonly settings: MetadataSettings,
    private readonly clock: Clock,
  ) {}

  /**
   * The document; during an outage the one last read, however old.
   * @throws {DocumentFetchError} when none was ever read.
   */
  async read(): Promise<Record<string, unknown>> {
    const now = this.seconds();
    if (this.document && now < this.readAt + this.settings.discoveryCacheTtlSeconds) return this.document;
    try {
      return await this.refresh();
    } catch (error) {
      if (this.document) return this.document;
      throw error;
    }
  }

  /**
   * An address that the document names.
   * @throws {DocumentFetchError} when it names none, or one that could be listened to on the way.
   */
  async address(name: 'jwks_uri' | 'introspection_endpoint' | 'userinfo_endpoint'): Promise<string> {
    const { [name]: url } = await this.read();
    if (!isEndpointUrl(url, this.settings)) {
      throw new DocumentFetchError(`the discovery document of ${this.source.name} has no https ${name}`);
    }
    return url;
  }

  /** The document as last read, without any network traffic. */
  get held(): Record<string, unknown> | undefined {
    return this.document;
  }

  private refresh(): Promise<Record<string, unknown>> {
    const now = this.seconds();
    const wait = Math.min(2 ** (this.failures - 1), this.settings.jwksCooldownSeconds);
    if (this.failure && now < this.failure.at + wait) return Promise.reject(this.failure.error);
    this.inFlight ??= this.fetch()
      .then(
        (document) => {
          this.document = document;
          this.readAt = this.seconds();
          this.failure = undefined;
          this.failures = 0;
          return document;
        },
        (error: unknown) => {
          const failure = error instanceof DocumentFetchError ? error : new DocumentFetchError(String(error));
          this.failure = { error: failure, at: this.seconds() };
          this.failures++;
          throw failure;
        },
      )
      .finally(() => {
        this.inFlight = undefined;
      });
    return this.inFlight;
  }

  private async fetch(): Promise<Record<string, unknown>> {
    const absent: DocumentFetchError[] = [];
    for (const url of this.source.discoveryUrls) {
      try {
        const { document } = await fetchDocument(url, this.settings);
        return this.checked(document, url);
      } catch (error) {
        if (!(error instanceof DocumentFetchError) || error.status !== 404) throw error;
        absent.push(error);
      }
    }
    throw absent[0] ?? new DocumentFetchError('no address of a discovery document is known');
  }

  /** A document that names another issuer says nothing about this one. @see RFC 8414 §3.3 */
  private checked(document: Record<string, unknown>, url: string): Record<string, unknown> {
    const { issuer } = document;
    if (issuer === this.source.name) return document;
    const difference = typeof issuer === 'string' && issuerNearMiss(issuer, this.source.name);
    const hint = difference ? `only the ${difference} differs, ` : '';
    throw new DocumentFetchError(
      `${url} is of issuer ${JSON.stringify(issuer)}, not of ${JSON.stringify(this.source.name)}: ` +
        `${hint}write the issuer exactly as the document has it`,
    );
  }

  private seconds(): number {
    return this.clock.now().getTime() / 1000;
  }
}
