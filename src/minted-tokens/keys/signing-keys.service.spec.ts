import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { decodeProtectedHeader, SignJWT } from 'jose';
import type { PlatformConfig } from '../../config/platform-config.js';
import type { Connection } from '../../storage/database.js';
import { openStorage } from '../../storage/open-storage.js';
import { accessKeys, type SigningKeyRow } from '../../storage/schema.js';
import type { Storage } from '../../storage/storage.js';
import { SigningKeys } from './signing-keys.service.js';
import { SigningKeysRepository } from './signing-keys.repository.js';

const DAY_SECONDS = 86_400;
const hopTokens = { audiences: ['models'], lifeSeconds: 60 };

let storage: Storage;
let nowMs: number;
const clock = { now: () => new Date(nowMs) };
const advance = (seconds: number) => (nowMs += seconds * 1000);

beforeAll(async () => {
  Logger.overrideLogger(false);
  storage = await openStorage({ dataDir: 'memory://' });
});

beforeEach(async () => {
  nowMs = Date.parse('2030-01-01T00:00:00Z');
  await storage.database.execute(sql`delete from signing_keys`);
});

afterAll(() => storage?.close());

describe('SigningKeys', () => {
  it('makes no key and publishes none while the platform issues no tokens', async () => {
    const keys = keysOf({ hopTokens: undefined });
    await keys.onApplicationBootstrap();
    expect(await keys.published()).toEqual([]);
    expect(await storedKids()).toEqual([]);
  });

  it('publishes the public half of the key that signs, and nothing else', async () => {
    const keys = keysOf();
    await keys.onApplicationBootstrap();
    const [published, ...others] = await keys.published();
    expect(others).toEqual([]);
    expect(Object.keys(published ?? {}).toSorted()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
    expect(published).toMatchObject({ kty: 'RSA', use: 'sig', alg: 'RS256', kid: await signingKid(keys) });
  });

  it('agrees with other instances that start at the same moment', async () => {
    const instances = [keysOf(), keysOf(), keysOf()];
    await Promise.all(instances.map((keys) => keys.onApplicationBootstrap()));
    const kids = await Promise.all(instances.map(signingKid));
    expect(new Set(kids).size).toBe(1);
    expect(await storedKids()).toEqual([kids[0]]);
  });

  it('rotates: the next key is published, then signs, then the old one is given up', async () => {
    const keys = keysOf();
    const old = await signingKid(keys);
    advance(29 * DAY_SECONDS);
    const [first, next, ...others] = await kidsOf(keys);
    expect({ first, others, signing: await signingKid(keys) }).toEqual({ first: old, others: [], signing: old });
    advance(DAY_SECONDS);
    expect({ published: await kidsOf(keys), signing: await signingKid(keys) }).toEqual({
      published: [old, next],
      signing: next,
    });
    advance(2 * 3600);
    expect(await kidsOf(keys)).toEqual([next]);
    expect(await storedKids()).toEqual([next]);
  });

  it('keeps a key for as long as an access key that it signed can be used, also where no more are made', async () => {
    const keys = keysOf();
    const old = await signingKid(keys);
    await storage.database.insert(accessKeys).values({
      jti: '00000000-0000-4000-8000-00000000000a',
      name: 'ci',
      ownerIssuer: 'https://idp.example.com',
      ownerKind: 'user',
      ownerId: 'alice',
      scopes: ['platform:read'],
      createdAt: clock.now(),
      expiresAt: new Date(nowMs + 80 * DAY_SECONDS * 1000),
    });
    advance(29 * DAY_SECONDS);
    await kidsOf(keys);
    advance(50 * DAY_SECONDS);
    expect(await kidsOf(keys)).toContain(old);
    expect(await kidsOf(keysOf())).toContain(old);
    await storage.database.update(accessKeys).set({ endsAt: clock.now() });
    advance(3_600);
    expect(await kidsOf(keys)).not.toContain(old);
    expect(await storedKids()).not.toContain(old);
    await storage.database.delete(accessKeys);
  });

  it('goes on with the keys it has read while the database is away, for as long as no other can sign', async () => {
    const repository = new AwayRepository();
    const keys = keysOf({ repository });
    const kid = await signingKid(keys);
    repository.isAway = true;
    advance(61);
    expect(await signingKid(keys)).toBe(kid);
    advance(12 * 3600);
    expect(await signingKid(keys)).toBe(kid);
    advance(12 * 3600);
    await expect(keys.signer()).rejects.toThrow('away');
    repository.isAway = false;
    expect(await signingKid(keys)).toBe(kid);
  });

  it('stops using a key that was taken out of the table', async () => {
    const keys = keysOf();
    const compromised = await signingKid(keys);
    await storage.database.execute(sql`delete from signing_keys`);
    advance(601);
    const [kid] = await kidsOf(keys);
    expect(kid).not.toBe(compromised);
  });

  it('stores keys encrypted where it has a key to do so, and then believes no others', async () => {
    const encryptionKey = new Uint8Array(32).fill(7);
    const sealed = keysOf({ encryptionKey });
    const kid = await signingKid(sealed);
    const [row] = await new SigningKeysRepository().findAll(storage.database);
    expect(Object.keys(row?.privateJwk ?? {})).toEqual(['jwe']);
    expect(await signingKid(keysOf({ encryptionKey }))).toBe(kid);
    expect(await kidsOf(keysOf({ encryptionKey }))).toEqual([kid]);
    await expect(keysOf().signer()).rejects.toThrow(/are encrypted: set signing_keys\.encryption_key_file/);
    const other = keysOf({ encryptionKey: new Uint8Array(32).fill(8) });
    await expect(other.signer()).rejects.toThrow(/were encrypted with another key/);
    await storage.database.execute(sql`update signing_keys set kid = 'another'`);
    await expect(keysOf({ encryptionKey }).signer()).rejects.toThrow(/were encrypted with another key/);
    await storage.database.execute(sql`delete from signing_keys`);
    await signingKid(keysOf());
    await expect(keysOf({ encryptionKey }).signer()).rejects.toThrow(/are not encrypted/);
  });

  it('says nothing of a key that cannot be stored', async () => {
    let given = '';
    const repository = new (class extends SigningKeysRepository {
      override insert(connection: Connection, row: SigningKeyRow): Promise<void> {
        given = 'd' in row.privateJwk ? String(row.privateJwk.d) : '';
        return super.insert(connection, row);
      }
    })();
    await storage.database.execute(sql`alter table signing_keys add check (generation > 1)`);
    const failure = await failureOf(keysOf({ repository }).signer());
    await storage.database.execute(sql`alter table signing_keys drop constraint signing_keys_generation_check`);
    expect(given).not.toBe('');
    const told = inDepth(failure);
    expect(told).toContain('The signing keys cannot be read or stored (23514)');
    expect(told).not.toContain(given);
  });
});

class AwayRepository extends SigningKeysRepository {
  isAway = false;

  override findAll(connection: Connection): Promise<SigningKeyRow[]> {
    return this.isAway ? Promise.reject(new Error('the database is away')) : super.findAll(connection);
  }
}

function keysOf({
  repository = new SigningKeysRepository(),
  encryptionKey,
  ...difference
}: Partial<Pick<PlatformConfig, 'hopTokens'>> & {
  repository?: SigningKeysRepository;
  encryptionKey?: Uint8Array;
} = {}): SigningKeys {
  const config = {
    signingKeys: { rotationDays: 30, encryptionKey },
    hopTokens,
    tokenExchange: undefined,
    ...difference,
  };
  return new SigningKeys(config, storage.database, repository, clock);
}

async function kidsOf(keys: SigningKeys): Promise<string[]> {
  return (await keys.published()).map(({ kid }) => kid);
}

/** By a token, for that is what counts. */
async function signingKid(keys: SigningKeys): Promise<string | undefined> {
  const { kid, key } = await keys.signer();
  const token = await new SignJWT({}).setProtectedHeader({ alg: 'RS256', kid }).sign(key);
  return decodeProtectedHeader(token).kid;
}

async function storedKids(): Promise<string[]> {
  return (await new SigningKeysRepository().findAll(storage.database)).map(({ kid }) => kid);
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return undefined;
}

/** All that a log could get to see of an error. */
function inDepth(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return [error.stack, JSON.stringify(error), inDepth(error.cause)].join('\n');
}
