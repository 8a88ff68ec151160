import { ApiProperty } from '@nestjs/swagger';
import type { Principal } from '@nmp/tokens';

/** Who the token was issued to. */
export class AuthenticateResponse {
  @ApiProperty({ description: 'Id', example: '5f2f7a0c' })
  readonly principal!: string;

  @ApiProperty({ type: String, nullable: true, example: 'alice@example.com' })
  readonly email!: string | null;

  @ApiProperty({ type: [String], example: ['team-ml'] })
  readonly groups!: string[];

  @ApiProperty({ type: [String], example: ['platform:read'] })
  readonly scopes!: string[];

  @ApiProperty({ type: String, nullable: true, description: 'Id of the token' })
  readonly jti!: string | null;

  @ApiProperty({ enum: ['oidc_access_token'] })
  readonly token_kind!: string;
}

export function authenticateResponse({ id, email, groups, scopes, claims }: Principal): AuthenticateResponse {
  const { jti } = claims;
  return {
    principal: id,
    email: email ?? null,
    groups: [...groups],
    scopes: [...scopes],
    jti: typeof jti === 'string' ? jti : null,
    token_kind: 'oidc_access_token',
  };
}
