import { BadRequestException, ConflictException, Inject, Injectable, NotFoundException } from '@nestjs/common';
import { AuthConfig, Clock, tokenKindOfPrincipal } from '@nmp/auth';
import { AccessDeniedError, isAuthError, mintedClaimsOf, type Principal } from '@nmp/tokens';
import type { ChangeAction } from '../audit/audit-event.js';
import { AuditTrail } from '../audit/audit-trail.service.js';
import type { AccessKeysConfig } from '../config/access-keys-config.js';
import { PLATFORM_CONFIG } from '../config/config.module.js';
import type { PlatformConfig } from '../config/platform-config.js';
import { errorBody } from '../http/error-body.js';
import type { ListQuery } from '../http/list-query.js';
import { TokenMint } from '../minted-tokens/token-mint.service.js';
import { type Caller, nameOfCaller } from '../policy/caller.js';
import { Callers } from '../policy/callers.service.js';
import { WorkspaceAccess } from '../policy/workspace-access.service.js';
import { type Connection, Database } from '../storage/database.js';
import type { AccessKeyRow } from '../storage/schema.js';
import { type AccessKeyOwner, isOwnedBy, keyMakerOf, KEYS_MAKE_NO_KEYS, ownerOf } from './access-key-owner.js';
import { AccessKeyLimits } from './access-key-limits.service.js';
import { AccessKeyPages } from './access-key-pages.repository.js';
import { AccessKeyTransactions } from './access-key-transactions.service.js';
import { AccessKeysRepository } from './access-keys.repository.js';
import { keyPrincipal } from './key-principal.js';
import { keyScopesProblem } from './key-scopes.js';

/** Who asks, and by which request. */
export interface KeyRequest {
  readonly principal: Principal;
  readonly requestId: string;
}

/** A key that was just made: the only time that it is there to be told. */
export interface NewAccessKey {
  readonly row: AccessKeyRow;
  readonly token: string;
}

interface WantedKey {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly lifeSeconds: number;
}

/** The access keys that people make for their programs: themselves, restricted by scopes, until a day or until they say. */
@Injectable()
export class AccessKeys {
  constructor(
    @Inject(PLATFORM_CONFIG) private readonly config: Pick<PlatformConfig, 'accessKeys'>,
    @Inject(AuthConfig) private readonly auth: AuthConfig,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Database) private readonly database: Database,
    @Inject(AccessKeyTransactions) private readonly changes: AccessKeyTransactions,
    @Inject(AccessKeysRepository) private readonly keys: AccessKeysRepository,
    @Inject(AccessKeyLimits) private readonly limits: AccessKeyLimits,
    @Inject(AccessKeyPages) private readonly pages: AccessKeyPages,
    @Inject(TokenMint) private readonly mint: TokenMint,
    @Inject(Callers) private readonly callers: Callers,
    @Inject(WorkspaceAccess) private readonly access: WorkspaceAccess,
    @Inject(AuditTrail) private readonly audit: AuditTrail,
  ) {}

  /**
   * The caller's own keys, or everybody's.
   * @throws {AccessDeniedError} for everybody's to all but the PlatformAdmin and services.
   */
  async list(
    principal: Principal,
    query: ListQuery,
    isForAll: boolean,
  ): Promise<{ rows: AccessKeyRow[]; total: number }> {
    this.settings();
    if (isForAll) {
      await this.access.authorizePlatform(this.database, this.callers.of(principal), 'iam.list');
      return this.pages.findPage(this.database, undefined, query);
    }
    const owner = ownerOf(principal);
    return owner === undefined ? { rows: [], total: 0 } : this.pages.findPage(this.database, owner, query);
  }

  /** @throws {ConflictException} when the name is taken, or the owner has as many keys as one may have. */
  async create(
    { principal, requestId }: KeyRequest,
    { name, scopes, lifeSeconds }: Omit<WantedKey, 'lifeSeconds'> & { lifeSeconds: number | undefined },
  ): Promise<NewAccessKey> {
    const settings = this.settings();
    const owner = keyMakerOf(principal, this.auth);
    const wanted = {
      name,
      scopes: [...new Set(scopes)],
      lifeSeconds: this.checkedLife(lifeSeconds ?? settings.defaultLifeSeconds, settings),
    };
    this.checkScopes(wanted.scopes, principal);
    const caller = this.callers.of(principal, requestId);
    return this.changes.run(async (transaction) => {
      await this.keys.lockOwner(transaction, owner);
      const now = this.clock.now();
      await this.keys.freeExpiredNames(transaction, owner, now);
      await this.limits.checkOneMore(transaction, owner, now);
      const made = await this.make(transaction, { principal, owner }, wanted);
      if (made === undefined) throw conflict(`You have an access key named '${name}' already`);
      await this.record(transaction, caller, 'access_key.created', made.row);
      return made;
    });
  }

  /**
   * Makes a key of the same name and scopes, in the place of one that can be used.
   * @throws {NotFoundException} when it is not the caller's, {ConflictException} when it has ended, or would be one too many.
   */
  async rotate(
    { principal, requestId }: KeyRequest,
    jti: string,
    { lifeSeconds, graceSeconds }: { lifeSeconds: number | undefined; graceSeconds: number },
  ): Promise<NewAccessKey> {
    const settings = this.settings();
    const owner = keyMakerOf(principal, this.auth);
    const caller = this.callers.of(principal, requestId);
    return this.changes.run(async (transaction) => {
      await this.keys.lockOwner(transaction, owner);
      const old = await this.find(transaction, jti);
      if (!isOwnedBy(old, owner)) throw notFound();
      const now = this.clock.now();
      if (old.endsAt !== null || old.expiresAt <= now) {
        throw conflict(`The access key '${old.name}' has ended, or has been rotated already`);
      }
      this.checkScopes(old.scopes, principal);
      const { name, scopes } = old;
      const sameLife = Math.min((Number(old.expiresAt) - Number(old.createdAt)) / 1000, settings.maxLifeSeconds);
      const wanted = { name, scopes, lifeSeconds: this.checkedLife(lifeSeconds ?? sameLife, settings) };
      await this.limits.checkOneMore(transaction, owner, now, graceSeconds === 0);
      const endsAt = new Date(Math.min(now.getTime() + graceSeconds * 1000, Number(old.expiresAt)));
      // The name is free when the old one has an end.
      await this.keys.end(transaction, jti, { endsAt, endedBy: nameOfCaller(caller) });
      const made = await this.make(transaction, { principal, owner }, wanted);
      if (made === undefined) throw conflict(`You have an access key named '${name}' already`);
      await this.keys.end(transaction, jti, { endsAt, endedBy: nameOfCaller(caller), replacedBy: made.row.jti });
      await this.record(transaction, caller, 'access_key.rotated', made.row, { replaces: jti, old_ends_at: endsAt });
      return made;
    });
  }

  /**
   * Ends a key, of the caller's own or, for the PlatformAdmin and services, of anybody's. One that has ended stays as it is.
   * @throws {NotFoundException} for all others, so that nobody learns which keys there are.
   */
  async revoke({ principal, requestId }: KeyRequest, jti: string): Promise<AccessKeyRow> {
    this.settings();
    if (tokenKindOfPrincipal(principal, this.auth) === 'access-key') throw new AccessDeniedError(KEYS_MAKE_NO_KEYS);
    const caller = this.callers.of(principal, requestId);
    return this.changes.run(async (transaction) => {
      const found = await this.find(transaction, jti);
      await this.authorizeEnding(transaction, found, principal, caller);
      const { ownerIssuer: issuer, ownerKind: kind, ownerId: id } = found;
      await this.keys.lockOwner(transaction, { issuer, kind, id });
      const row = await this.find(transaction, jti);
      const now = this.clock.now();
      if (row.expiresAt <= now || (row.endsAt !== null && row.endsAt <= now)) return row;
      const ended = await this.keys.end(transaction, jti, { endsAt: now, endedBy: nameOfCaller(caller) });
      await this.record(transaction, caller, 'access_key.revoked', row);
      return ended ?? row;
    });
  }

  private async authorizeEnding(
    transaction: Connection,
    row: AccessKeyRow,
    principal: Principal,
    caller: Caller,
  ): Promise<void> {
    if (isOwnedBy(row, ownerOf(principal))) return;
    try {
      await this.access.authorizePlatform(transaction, caller, 'iam.delete');
    } catch (error) {
      throw isAuthError(error) && error.code === 'access_denied' ? notFound() : error;
    }
  }

  private async make(
    transaction: Connection,
    { principal, owner }: { principal: Principal; owner: AccessKeyOwner },
    wanted: WantedKey,
  ): Promise<NewAccessKey | undefined> {
    const { token, jti, issuedAt, expiresAt } = await this.mint.mint({
      kind: 'access-key',
      audience: this.settings().audience,
      lifeSeconds: wanted.lifeSeconds,
      claims: mintedClaimsOf(keyPrincipal(principal, wanted), this.callers.sharesUsers(principal)),
    });
    const row = await this.keys.insert(transaction, {
      jti,
      name: wanted.name,
      ownerIssuer: owner.issuer,
      ownerKind: owner.kind,
      ownerId: owner.id,
      ownerEmail: principal.email ?? null,
      scopes: [...wanted.scopes],
      createdAt: new Date(issuedAt * 1000),
      expiresAt: new Date(expiresAt * 1000),
    });
    return row && { row, token };
  }

  private async find(connection: Connection, jti: string): Promise<AccessKeyRow> {
    // What cannot be an id is never looked up.
    const row = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(jti)
      ? await this.keys.find(connection, jti)
      : undefined;
    if (row === undefined) throw notFound();
    return row;
  }

  private checkScopes(wanted: readonly string[], { scopes }: Principal): void {
    const found = keyScopesProblem(wanted, scopes, this.auth.scopes);
    if (found === undefined) return;
    if (found.isExcess) throw new AccessDeniedError(found.problem);
    throw new BadRequestException(errorBody(400, found.problem));
  }

  private checkedLife(seconds: number, { maxLifeSeconds }: AccessKeysConfig): number {
    if (seconds <= maxLifeSeconds) return seconds;
    throw new BadRequestException(errorBody(400, `expires_in_seconds must be at most ${maxLifeSeconds}`));
  }

  private async record(
    transaction: Connection,
    caller: Caller,
    action: ChangeAction,
    { jti, name, ownerId, ownerEmail, scopes, expiresAt }: AccessKeyRow,
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    const owner = ownerEmail ?? ownerId;
    const details = { token_id: jti, owner, scopes, expires_at: expiresAt, ...more };
    await this.audit.record(transaction, caller, { action, target: name, details });
  }

  /** @throws {NotFoundException} when there are no access keys here. */
  private settings(): AccessKeysConfig {
    if (this.config.accessKeys !== undefined) return this.config.accessKeys;
    throw new NotFoundException(errorBody(404, 'Access keys are switched off on this platform'));
  }
}

function notFound(): NotFoundException {
  return new NotFoundException(errorBody(404, 'Access key not found'));
}

function conflict(detail: string): ConflictException {
  return new ConflictException(errorBody(409, detail));
}
