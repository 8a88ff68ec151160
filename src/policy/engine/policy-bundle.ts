import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { PolicySource } from './policy-artefact.js';
import type { Json } from './policy-data.js';
import { tarArchive } from './tar-archive.js';

/** What an external decision point loads: the rules and the data. */
export interface PolicyBundle {
  readonly bytes: Uint8Array;
  /** Of an HTTP answer, with its quotes; the same for the same rules and data. */
  readonly etag: string;
  /** What the decision point reports as the revision it has loaded. */
  readonly revision: string;
}

/** The trees of the data. All hold the same: policies of operators read one or the other. */
const roots = ['authz', 'envoy', 'common'] as const;

/**
 * Builds the bundle. The same rules and data give the same bytes.
 * @param sources of the rules, without tests
 * @param data what the rules read from `data.authz`
 * @see https://www.openpolicyagent.org/docs/management-bundles
 */
export function policyBundle(sources: readonly PolicySource[], data: Json): PolicyBundle {
  const sorted = sortKeys(data);
  const rules = sources.toSorted((one, other) => (one.path < other.path ? -1 : 1));
  const revision = sha256(JSON.stringify([rules, sorted])).slice(0, 8);
  const archive = tarArchive([
    ...rules.map(({ path, text }) => ({ path, content: text })),
    { path: 'data.json', content: json(Object.fromEntries(roots.map((root) => [root, sorted]))) },
    { path: '.manifest', content: json({ revision, roots }) },
  ]);
  // The header of the file holds no time; it would name the operating system.
  const bytes = gzipSync(archive);
  bytes[9] = unknownSystem;
  return { bytes, etag: `"${sha256(bytes)}"`, revision };
}

/** In the header of a gzip file, where the name of the operating system is. @see RFC 1952 §2.3.1 */
const unknownSystem = 255;

function json(value: Json): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function sortKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => sortKeys(item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, member]): [string, Json] => [key, sortKeys(member)]);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
