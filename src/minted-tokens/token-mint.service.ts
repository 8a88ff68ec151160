import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '@nmp/auth';
import { MINTED_TOKEN_TYPES, type MintedTokenKind } from '@nmp/tokens';
import { SignJWT } from 'jose';
import { PLATFORM_CONFIG } from '../config/config.module.js';
import { mintedNamesOf } from '../config/minted-names.js';
import type { PlatformConfig } from '../config/platform-config.js';
import { SIGNING_ALGORITHM } from './keys/signing-key.js';
import { SigningKeys } from './keys/signing-keys.service.js';

/** What a token is to be. */
export interface TokenOrder {
  readonly kind: MintedTokenKind;
  /** The one service it is for. */
  readonly audience: string;
  readonly lifeSeconds: number;
  /** It ends by then, however long it would live. */
  readonly endsBy?: Date;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** A token as it was issued. */
export interface MintedToken {
  readonly token: string;
  readonly jti: string;
  /** In seconds since 1970. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** Issues the platform's own tokens. */
@Injectable()
export class TokenMint {
  readonly issuer: string;

  constructor(
    @Inject(PLATFORM_CONFIG) { publicUrl }: Pick<PlatformConfig, 'publicUrl'>,
    @Inject(SigningKeys) private readonly keys: SigningKeys,
    @Inject(Clock) private readonly clock: Clock,
  ) {
    this.issuer = mintedNamesOf(publicUrl).issuer;
  }

  async mint({ kind, audience, lifeSeconds, endsBy, claims }: TokenOrder): Promise<MintedToken> {
    const { kid, key } = await this.keys.signer();
    const issuedAt = Math.floor(this.clock.now().getTime() / 1000);
    const latest = endsBy === undefined ? Number.POSITIVE_INFINITY : Math.floor(endsBy.getTime() / 1000);
    const expiresAt = Math.min(issuedAt + lifeSeconds, latest);
    const jti = randomUUID();
    const registered = { iss: this.issuer, aud: audience, iat: issuedAt, exp: expiresAt, jti };
    const token = await new SignJWT({ ...claims, ...registered })
      .setProtectedHeader({ alg: SIGNING_ALGORITHM, typ: MINTED_TOKEN_TYPES[kind], kid })
      .sign(key);
    return { token, jti, issuedAt, expiresAt };
  }
}
