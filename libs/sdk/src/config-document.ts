import { isMap, isSeq, parseDocument, YAMLMap, YAMLSeq } from 'yaml';
import type { Document } from 'yaml';
import { eraseCertificateAuthority, readCertificateAuthority } from './certificate-authority.js';
import { ConfigError } from './errors.js';
import type { StoredContext } from './stored-context.js';
import type { StoredPreferences, TokenStore } from './stored-preferences.js';
import { readPreferences, writeTokenStore } from './stored-preferences.js';
import type { KeychainSignIn, StoredCredentials } from './user-entry.js';
import {
  eraseCredentials,
  holdsApiKey,
  holdsSecret,
  readCredentials,
  readKeychainSignIn,
  writeCredentials,
} from './user-entry.js';

/** The configuration file's content. Comments, order and keys this program does not know stay as they are. */
export class ConfigDocument {
  private constructor(
    private readonly document: Document,
    /** The file it came from, for messages. */
    readonly path: string,
  ) {}

  /** @throws {ConfigError} when the text is not YAML, or its lists are not lists of named entries. */
  static parse(text: string, path: string): ConfigDocument {
    const document: Document = parseDocument(text, { prettyErrors: false, strict: true });
    const [problem] = document.errors;
    if (problem) {
      const line = text.slice(0, problem.pos[0]).split('\n').length;
      throw unusable(path, `is not valid YAML (line ${line})`);
    }
    if (document.contents === null) document.contents = new YAMLMap();
    if (!isMap(document.contents)) throw unusable(path, 'is not a mapping of settings');
    const config = new ConfigDocument(document, path);
    for (const list of ['clusters', 'users', 'contexts'] as const) config.checkNames(list);
    return config;
  }

  get currentContext(): string | undefined {
    return stringOf(this.document.get('current_context'));
  }

  set currentContext(name: string) {
    this.document.set('current_context', name);
  }

  get contextNames(): string[] {
    return this.entries('contexts').map(nameOf);
  }

  /** Whether any secret is in the file. */
  get hasSecrets(): boolean {
    return this.entries('users').some(holdsSecret);
  }

  /** Everybody whose tokens are in the keychain, also users that no context names. */
  get keychainSignIns(): KeychainSignIn[] {
    return this.entries('users').flatMap((user) => readKeychainSignIn(user) ?? []);
  }

  /** @throws {ConfigError} when the context names a cluster or a user that is not there. */
  context(name: string): StoredContext | undefined {
    const context = this.find('contexts', name);
    if (!context) return undefined;
    const cluster = this.referred(context, 'cluster');
    const baseUrl = stringOf(cluster?.get('base_url'));
    const certificateAuthority = cluster && readCertificateAuthority(cluster, this.path);
    const workspace = stringOf(context.get('workspace'));
    const user = this.referred(context, 'user');
    const credentials = user && readCredentials(user);
    const keychain = user && readKeychainSignIn(user);
    return {
      name,
      ...(baseUrl === undefined ? {} : { baseUrl }),
      ...(certificateAuthority === undefined ? {} : { certificateAuthority }),
      ...(workspace === undefined ? {} : { workspace }),
      ...(credentials === undefined ? {} : { credentials }),
      ...(keychain === undefined ? {} : { keychain }),
      ...(user && holdsApiKey(user) ? { hasApiKey: true } : {}),
    };
  }

  /** How a context wants things. */
  preferences(name: string): StoredPreferences {
    const context = this.find('contexts', name);
    return context ? readPreferences(context) : {};
  }

  /**
   * Makes a context point at a platform, creating what is missing. A cluster or user that other contexts share is left
   * to them when the address changes: nobody else's token starts travelling to the new address. A certificate authority
   * of its own was for the old host.
   */
  setBaseUrl(name: string, baseUrl: string): void {
    const context = this.find('contexts', name) ?? this.add('contexts', { name, workspace: 'default' });
    const cluster = this.referred(context, 'cluster');
    const before = stringOf(cluster?.get('base_url'));
    if (cluster && before === baseUrl) return;
    if (cluster && !this.isShared('cluster', nameOf(cluster))) {
      if (before !== undefined && hostOf(before) !== hostOf(baseUrl)) eraseCertificateAuthority(cluster);
      cluster.set('base_url', baseUrl);
      return;
    }
    const added = this.add('clusters', { name: this.freeName('clusters', `${name}-cluster`), base_url: baseUrl });
    context.set('cluster', nameOf(added));
    const user = this.referred(context, 'user');
    if (user && this.isShared('user', nameOf(user))) context.delete('user');
  }

  /** Sets the workspace that is taken where none is named, in a context that exists. */
  setWorkspace(name: string, workspace: string): void {
    this.existing(name).set('workspace', workspace);
  }

  /** Sets where the tokens of sign-ins are kept, in a context that exists. */
  setTokenStore(name: string, tokenStore: TokenStore): void {
    writeTokenStore(this.existing(name), tokenStore);
  }

  /** The name of a context's user, or the one that its first sign-in will ask for. */
  intendedUserName(contextName: string): string {
    return stringOf(this.find('contexts', contextName)?.get('user')) ?? firstUserName(contextName);
  }

  /** The name of a context's user, who is made when there is none. */
  userNameOf(contextName: string): string {
    return nameOf(this.userOf(contextName));
  }

  /**
   * Stores a sign-in, or a refreshed one, in a context that exists. A field that is not given is removed.
   * @param keychainItem Where its tokens are in the keychain, if they are: then they do not get into the file.
   */
  setCredentials(name: string, credentials: StoredCredentials, keychainItem?: string): void {
    writeCredentials(this.userOf(name), credentials, keychainItem);
  }

  /** Signs a context out: its user entry stays, without anything secret. */
  clearCredentials(name: string): void {
    eraseCredentials(this.userOf(name));
  }

  /** Signs everybody out, also users that no context names. */
  clearAllCredentials(): void {
    for (const user of this.entries('users')) if (holdsSecret(user) || readKeychainSignIn(user)) eraseCredentials(user);
  }

  /** The content as plain values, for display; it still holds the secrets. */
  toJSON(): Record<string, unknown> {
    return this.document.toJS() as Record<string, unknown>; // parse() admits only a mapping
  }

  toString(): string {
    return this.document.toString({ lineWidth: 0 });
  }

  private userOf(contextName: string): YAMLMap {
    const context = this.existing(contextName);
    const user = this.referred(context, 'user');
    if (user) return user;
    const added = this.add('users', { name: this.freeName('users', firstUserName(contextName)), type: 'no-auth' });
    context.set('user', nameOf(added));
    return added;
  }

  private existing(contextName: string): YAMLMap {
    const context = this.find('contexts', contextName);
    if (!context) throw unusable(this.path, `has no context "${contextName}"`);
    return context;
  }

  private referred(context: YAMLMap, kind: 'cluster' | 'user'): YAMLMap | undefined {
    const name = stringOf(context.get(kind));
    if (name === undefined) return undefined;
    const entry = this.find(`${kind}s`, name);
    if (!entry) throw unusable(this.path, `has no ${kind} "${name}", which context "${nameOf(context)}" names`);
    return entry;
  }

  private isShared(kind: 'cluster' | 'user', name: string): boolean {
    return this.entries('contexts').filter((context) => context.get(kind) === name).length > 1;
  }

  private freeName(list: 'clusters' | 'users', wanted: string): string {
    const base = list === 'clusters' ? wanted.replaceAll(/[^A-Za-z0-9_-]/g, '-') : wanted;
    let name = base;
    for (let number = 2; this.find(list, name); number += 1) name = `${base}-${number}`;
    return name;
  }

  private add(list: List, value: Record<string, string>): YAMLMap {
    const entry = this.document.createNode(value) as YAMLMap; // a record becomes a map node
    const found = this.document.get(list);
    const items = isSeq(found) ? found : new YAMLSeq();
    items.flow = false;
    items.add(entry);
    if (items !== found) this.document.set(list, items);
    return entry;
  }

  private find(list: List, name: string): YAMLMap | undefined {
    return this.entries(list).find((entry) => nameOf(entry) === name);
  }

  private entries(list: List): YAMLMap[] {
    const items = this.document.get(list);
    return isSeq(items) ? items.items.filter((item): item is YAMLMap => isMap(item)) : [];
  }

  private checkNames(list: List): void {
    const items = this.document.get(list);
    if (items === undefined || items === null) return;
    if (!isSeq(items) || items.items.some((item) => !isMap(item) || nameOf(item) === '')) {
      throw unusable(this.path, `has "${list}" that is not a list of entries with a name`);
    }
    const names = this.entries(list).map(nameOf);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw unusable(this.path, `names "${twice}" twice under "${list}"`);
  }
}

type List = 'clusters' | 'users' | 'contexts';

function nameOf(entry: YAMLMap): string {
  const name = entry.get('name');
  return typeof name === 'string' || typeof name === 'number' ? String(name) : '';
}

function firstUserName(contextName: string): string {
  return `${contextName}-user`;
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : url;
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function unusable(path: string, problem: string): ConfigError {
  return new ConfigError(
    `The configuration file ${path} ${problem}. Correct it, or move it away and run: nemo auth login`,
  );
}
