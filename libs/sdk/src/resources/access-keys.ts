import type { Answer } from '../answer.js';
import type { AnswerShape } from '../answer-shape.js';
import { anyText, listOf, objectWith, optional, text } from '../answer-shape.js';
import type { ApiClient } from '../api-client.js';
import type { AccessKeyResponse, NewAccessKeyResponse } from '../api-types.js';
import type { Page } from './paged-list.js';
import { PagedList, pageOf } from './paged-list.js';
import { accessKeyPath, accessKeysPath } from './resource-path.js';

/** What the platform knows of an access key; the key itself it does not know. */
export type AccessKey = Answer<AccessKeyResponse, 'jti' | 'name' | 'scopes'>;

/** A new access key. `access_key` is the key itself, and is told this once. */
export type NewAccessKey = Answer<NewAccessKeyResponse, 'jti' | 'name' | 'scopes' | 'access_key'>;

/** Which access keys to list. */
export interface ListAccessKeysOptions {
  /** Everybody's, for the PlatformAdmin and services. @default false */
  readonly all?: boolean | undefined;
  /** Only those of an owner, by id or e-mail address; with `all`. */
  readonly owner?: string | undefined;
  /** Only those of a name. */
  readonly name?: string | undefined;
  /** @default 100, at most 1000 */
  readonly pageSize?: number | undefined;
  /** A field, with `-` before it for descending order. @default '-created_at' */
  readonly sort?: string | undefined;
}

/** What a new key is to be. */
export interface AccessKeyWish {
  /** Letters, digits, dots, hyphens and underscores. */
  readonly name: string;
  /** What it is good for, of what your own token is good for: at least one scope. */
  readonly scopes: readonly string[];
  /** @default what the platform says */
  readonly expiresInSeconds?: number | undefined;
}

/** How a key is replaced. */
export interface RotateAccessKeyOptions {
  /** @default as long as the old one lived */
  readonly expiresInSeconds?: number | undefined;
  /** How long the old key may be used beside the new one. @default 0 */
  readonly graceSeconds?: number | undefined;
}

const fields: Readonly<Record<string, AnswerShape>> = {
  jti: text,
  name: text,
  scopes: listOf(anyText),
  state: optional(anyText),
  owner: optional(anyText),
  owner_email: optional(anyText),
  created_at: optional(anyText),
  expires_at: optional(anyText),
  last_used_at: optional(anyText),
  replaced_by: optional(anyText),
};
const keyShape = objectWith(fields);
const newKeyShape = objectWith({ ...fields, access_key: text });
const pageShape = pageOf(keyShape);

/** Tokens of restricted scope for programs of one's own. They are made with a sign-in, not with another key. */
export class AccessKeys {
  constructor(private readonly api: ApiClient) {}

  /** The caller's keys, those that have ended included. */
  list({ all, owner, name, pageSize, sort }: ListAccessKeysOptions = {}): PagedList<AccessKey> {
    return new PagedList(async (page) => {
      const query = {
        page,
        page_size: pageSize,
        sort,
        ...(all === true && { all: 'true' }),
        ...(owner !== undefined && { 'filter[owner]': owner }),
        ...(name !== undefined && { 'filter[name]': name }),
      };
      return (await this.api.call({ method: 'GET', path: accessKeysPath, query }, pageShape)) as Page<AccessKey>; // its shape was checked, here and below
    });
  }

  /** The caller's key of a name that can be used, and that no other has taken the place of. */
  async find(name: string): Promise<AccessKey | undefined> {
    for await (const key of this.list({ name })) {
      if (key.name === name && key.state === 'active' && !key.replaced_by) return key;
    }
    return undefined;
  }

  /**
   * @throws {ConflictError} when the name is taken.
   * @throws {ForbiddenError} when the scopes are more than those of the caller's own token.
   * @example
   * const { access_key: key } = await client.accessKeys.create({ name: 'ci', scopes: ['platform:read'] });
   */
  async create({ name, scopes, expiresInSeconds }: AccessKeyWish): Promise<NewAccessKey> {
    const body = { name, scopes, expires_in_seconds: expiresInSeconds };
    return (await this.api.call({ method: 'POST', path: accessKeysPath, body }, newKeyShape)) as NewAccessKey;
  }

  /**
   * Makes a new key of the same name and scopes; the old one ends.
   * @throws {NotFoundError} when the caller has no such key, {ConflictError} when it has ended.
   */
  async rotate(jti: string, { expiresInSeconds, graceSeconds }: RotateAccessKeyOptions = {}): Promise<NewAccessKey> {
    const body = { expires_in_seconds: expiresInSeconds, grace_seconds: graceSeconds };
    const request = { method: 'POST', path: `${accessKeyPath(jti)}/rotate`, body } as const;
    return (await this.api.call(request, newKeyShape)) as NewAccessKey;
  }

  /** Ends a key at once. One that has ended stays as it is. @throws {NotFoundError} when the caller has no such key. */
  async revoke(jti: string): Promise<AccessKey> {
    return (await this.api.call({ method: 'DELETE', path: accessKeyPath(jti) }, keyShape)) as AccessKey;
  }
}
