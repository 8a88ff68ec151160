import { isPrivate, type PublicKey, publicKeyOf } from '@nmp/tokens';
import { JwksClient } from 'jwks-rsa';
import type { AuthConfig } from '../auth-config.js';
import type { IssuerSource } from '../issuer-config.js';
import type { AuthTracer } from '../tracing/auth-tracer.js';
import { DocumentFetchError, type FetchedDocument, fetchDocument } from './fetch-document.js';
import type { IssuerMetadata } from './issuer-metadata.js';
import { inFetchSpan } from './key-fetch-span.js';

const MAX_KEYS = 100;
const MIN_LIFE_SECONDS = 60;

/** The keys that an issuer publishes, and how long they may be held before they are asked for again. */
export interface ReadKeys {
  readonly keys: readonly PublicKey[];
  readonly lifeSeconds: number;
}

/** The issuer lists keys, and none that tokens could be verified with: those it had before are gone. */
export class KeysGoneError extends DocumentFetchError {}

/** What a key set holds, unread. */
interface PublishedEntries {
  readonly uri: string;
  readonly entries: unknown;
  readonly maxAgeSeconds?: number | undefined;
}

/** Reads the keys of one issuer where it publishes them. */
export class PublishedKeys {
  constructor(
    private readonly source: IssuerSource,
    private readonly config: AuthConfig,
    private readonly metadata: IssuerMetadata,
    private readonly tracer: AuthTracer,
    /** Told when the key set holds private keys. */
    private readonly onPrivateKeys: () => void,
  ) {}

  /**
   * Fetches the keys and makes key objects of them.
   * @throws {DocumentFetchError} when there is no key set to be had, or none with a key that can be used.
   */
  async read(): Promise<ReadKeys> {
    const { uri, entries, maxAgeSeconds } = await this.publishedEntries();
    if (!Array.isArray(entries)) throw new DocumentFetchError(`${uri} is not a key set`);
    if (entries.length > MAX_KEYS) throw new DocumentFetchError(`${uri} has more than ${MAX_KEYS} keys`);
    if (entries.some(isPrivate)) this.onPrivateKeys();
    const keys = entries.flatMap((entry) => publicKeyOf(entry, this.config.algorithms) ?? []);
    if (keys.length === 0) {
      const message = `${uri} has no key usable for ${this.config.algorithms.join(', ')}`;
      // An empty or broken set may be a fault of the provider's. Where it lists keys, and none of ours, ours are gone.
      throw entries.length > 0 && entries.every(isNamedKey)
        ? new KeysGoneError(message)
        : new DocumentFetchError(message);
    }
    const life = Math.min(maxAgeSeconds ?? this.config.jwksMaxAgeSeconds, this.config.jwksMaxAgeSeconds);
    return { keys, lifeSeconds: Math.max(life, MIN_LIFE_SECONDS) };
  }

  private async publishedEntries(): Promise<PublishedEntries> {
    if (this.source.ownKeys) return { uri: 'the own key set', entries: await this.source.ownKeys() };
    const uri = this.source.jwksUri ?? (await this.metadata.address('jwks_uri'));
    let maxAgeSeconds: number | undefined;
    const client = new JwksClient({
      jwksUri: uri,
      cache: false, // the rules of keeping keys are ours
      rateLimit: false,
      fetcher: async () => {
        const fetched = await this.fetch(uri);
        maxAgeSeconds = fetched.maxAgeSeconds;
        return { keys: fetched.document.keys };
      },
    });
    const entries: unknown = await client.getKeys();
    return { uri, entries, maxAgeSeconds };
  }

  private fetch(uri: string): Promise<FetchedDocument> {
    return inFetchSpan(this.tracer, this.source.name, uri, () => fetchDocument(uri, this.config));
  }
}

function isNamedKey(entry: unknown): boolean {
  const { kty, kid } = (entry ?? {}) as { kty?: unknown; kid?: unknown };
  return typeof kty === 'string' && typeof kid === 'string';
}
