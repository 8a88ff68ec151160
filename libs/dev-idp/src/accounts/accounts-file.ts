import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { DevIdpError, systemErrorReason } from '../errors.js';
import { knownScopes } from '../scopes.js';
import type { AccountSettings } from './account.js';
import { builtInAccounts } from './account.js';
import type { ClientSettings } from './client.js';
import { clientGrants } from './client.js';
import { RecordReader } from './record-reader.js';

/** What an accounts file says. */
export interface AccountsFile {
  readonly accounts: readonly AccountSettings[];
  readonly clients: readonly ClientSettings[];
}

/** Reads an accounts file. @throws {DevIdpError} when it cannot be read or says something wrong. */
export async function readAccountsFile(path: string): Promise<AccountsFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new DevIdpError(`cannot read the accounts file ${path} (${systemErrorReason(error)})`, {
      cause: error,
    });
  }
  return parseAccountsFile(text, path);
}

/** Parses the text of an accounts file. @throws {DevIdpError} naming every problem with its path. */
export function parseAccountsFile(text: string, path: string): AccountsFile {
  const problems: string[] = [];
  const root = new RecordReader(parseYaml(text, path) ?? {}, '', problems);
  const accounts = root.records('accounts')?.map(readAccount);
  const clients = root.records('clients')?.map(readClient) ?? [];
  root.finish();
  reportRepeats(accounts ?? [], 'accounts', 'email', problems);
  reportRepeats(accounts ?? [], 'accounts', 'subject', problems);
  reportRepeats(clients, 'clients', 'clientId', problems);
  if (problems.length > 0) throw new DevIdpError(`${path}: ${problems.join('; ')}`);
  return { accounts: accounts ?? builtInAccounts, clients };
}

function parseYaml(text: string, path: string): unknown {
  const document = parseDocument(text);
  const [syntaxError] = document.errors;
  if (syntaxError !== undefined) throw invalidYaml(path, syntaxError);
  try {
    return document.toJS();
  } catch (error) {
    // An alias without its anchor, or so many that they are an attack.
    if (error instanceof ReferenceError) throw invalidYaml(path, error);
    throw error;
  }
}

function invalidYaml(path: string, error: Error): DevIdpError {
  const [summary = ''] = error.message.split('\n');
  return new DevIdpError(`${path} is not valid YAML: ${summary.replace(/:$/, '')}`, { cause: error });
}

function readAccount(record: RecordReader): AccountSettings {
  const email = record.text('email', { required: true, pattern: /^[^\s@]+@[^\s@]+$/, expected: 'an e-mail address' });
  const password = record.text('password', { required: true });
  const name = record.text('name');
  const groups = record.texts('groups');
  const emailVerified = record.flag('email_verified');
  const subject = record.text('subject');
  record.finish();
  return { email: email ?? '', password: password ?? '', ...present({ name, groups, emailVerified, subject }) };
}

function readClient(record: RecordReader): ClientSettings {
  const clientId = record.text('client_id', { required: true });
  const clientSecret = record.text('client_secret');
  const name = record.text('name');
  const grants = record.texts('grants', { required: true, oneOf: clientGrants });
  const redirectUris = record.texts('redirect_uris');
  const scopes = record.texts('scopes', { oneOf: knownScopes });
  record.finish();
  return { clientId: clientId ?? '', grants: grants ?? [], ...present({ clientSecret, name, redirectUris, scopes }) };
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function present<T extends object>(values: T): Present<T> {
  // Entries of T without its undefined values are a Present<T> by definition.
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>;
}

function reportRepeats<T>(list: readonly T[], path: string, key: keyof T & string, problems: string[]): void {
  const seen = new Map<unknown, number>();
  for (const [index, item] of list.entries()) {
    const value = item[key];
    if (value === undefined || value === '') continue;
    const first = seen.get(value);
    if (first !== undefined) problems.push(`${path}[${index}].${key} repeats ${path}[${first}].${key}`);
    else seen.set(value, index);
  }
}
