import { isMap, parseDocument, YAMLMap } from 'yaml';
import type { Document } from 'yaml';
import { isSameAddress } from './base-url.js';
import { eraseCertificateAuthority, readCertificateAuthority } from './certificate-authority.js';
import { ConfigEntries, nameIn, nameOf } from './config-entries.js';
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
  private readonly entries: ConfigEntries;

  private constructor(
    private readonly document: Document,
    /** The file it came from, for messages. */
    readonly path: string,
  ) {
    this.entries = new ConfigEntries(document);
  }

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
    for (const list of ['clusters', 'users', 'contexts'] as const) {
      const found = config.entries.problemOf(list);
      if (found !== undefined) throw unusable(path, found);
    }
    return config;
  }

  get currentContext(): string | undefined {
    return nameIn(this.document, 'current_context');
  }

  set currentContext(name: string) {
    this.document.set('current_context', name);
  }

  get contextNames(): string[] {
    return this.entries.all('contexts').map(nameOf);
  }

  /** Whether any secret is in the file. */
  get hasSecrets(): boolean {
    return this.entries.all('users').some(holdsSecret);
  }

  /** Everybody whose tokens are in the keychain, also users that no context names. */
  get keychainSignIns(): KeychainSignIn[] {
    return this.entries.all('users').flatMap((user) => readKeychainSignIn(user) ?? []);
  }

  /** @throws {ConfigError} when the context names a cluster or a user that is not there. */
  context(name: string): StoredContext | undefined {
    const context = this.entries.find('contexts', name);
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
    const context = this.entries.find('contexts', name);
    return context ? readPreferences(context) : {};
  }

  /**
   * Makes a context point at a platform, creating what is missing. A cluster or user that other contexts share is left
   * to them when the address changes: nobody's token starts travelling to another's address. A certificate authority of
   * its own was for the old host.
   */
  setBaseUrl(name: string, baseUrl: string): void {
    const context = this.entries.find('contexts', name) ?? this.entries.add('contexts', { name, workspace: 'default' });
    const cluster = this.referred(context, 'cluster');
    const before = stringOf(cluster?.get('base_url'));
    if (cluster && before === baseUrl) return;
    const isMoved = before === undefined || !isSameAddress(before, baseUrl);
    if (isMoved) this.leaveUser(context, (user) => this.isShared('user', user));
    if (cluster && !this.isShared('cluster', nameOf(cluster))) {
      if (before !== undefined && hostOf(before) !== hostOf(baseUrl)) eraseCertificateAuthority(cluster);
      cluster.set('base_url', baseUrl);
      return;
    }
    if (cluster && !isMoved) return;
    const added = this.entries.add('clusters', {
      name: this.entries.freeName('clusters', clusterName(name)),
      base_url: baseUrl,
    });
    context.set('cluster', nameOf(added));
  }

  /** Leaves a user to the contexts of other platforms that share it: what a context's next sign-in brings is not for them. */
  separateUser(name: string): void {
    const context = this.existing(name);
    const address = this.addressOf(context);
    this.leaveUser(context, (user) =>
      this.sharing('user', user).some((other) => !isSameAddress(this.addressOf(other), address)),
    );
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
    return nameIn(this.entries.find('contexts', contextName), 'user') ?? firstUserName(contextName);
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
    for (const user of this.entries.all('users'))
      if (holdsSecret(user) || readKeychainSignIn(user)) eraseCredentials(user);
  }

  /** The content as plain values, for display; it still holds the secrets. */
  toJSON(): Record<string, unknown> {
    return this.document.toJS() as Record<string, unknown>; // parse() admits only a mapping
  }

  /** The file as it is to be written, comments included. */
  toString(): string {
    return this.document.toString({ lineWidth: 0 });
  }

  private userOf(contextName: string): YAMLMap {
    const context = this.existing(contextName);
    const user = this.referred(context, 'user');
    if (user) return user;
    const added = this.entries.add('users', {
      name: this.entries.freeName('users', firstUserName(contextName)),
      type: 'no-auth',
    });
    context.set('user', nameOf(added));
    return added;
  }

  private existing(contextName: string): YAMLMap {
    const context = this.entries.find('contexts', contextName);
    if (!context) throw unusable(this.path, `has no context "${contextName}"`);
    return context;
  }

  private referred(context: YAMLMap, kind: 'cluster' | 'user'): YAMLMap | undefined {
    const name = nameIn(context, kind);
    if (name === undefined) return undefined;
    const entry = this.entries.find(`${kind}s`, name);
    if (!entry) throw unusable(this.path, `has no ${kind} "${name}", which context "${nameOf(context)}" names`);
    return entry;
  }

  private addressOf(context: YAMLMap): string {
    return stringOf(this.referred(context, 'cluster')?.get('base_url')) ?? '';
  }

  private leaveUser(context: YAMLMap, isOthersToo: (user: string) => boolean): void {
    const user = nameIn(context, 'user');
    if (user !== undefined && isOthersToo(user)) context.delete('user');
  }

  private isShared(kind: 'cluster' | 'user', name: string): boolean {
    return this.sharing(kind, name).length > 1;
  }

  private sharing(kind: 'cluster' | 'user', name: string): YAMLMap[] {
    return this.entries.all('contexts').filter((context) => nameIn(context, kind) === name);
  }
}

function firstUserName(contextName: string): string {
  return `${contextName}-user`;
}

function clusterName(contextName: string): string {
  return `${contextName}-cluster`.replaceAll(/[^A-Za-z0-9_-]/g, '-');
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
