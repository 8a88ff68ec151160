import { ApiProperty } from '@nestjs/swagger';
import type { Principal } from '@nmp/tokens';

/** Whose tokens there are: the provider's, and the platform's own for workloads and for programs of its users. */
export const authenticatedTokenKinds = ['oidc_access_token', 'workload_access_token', 'access_key'] as const;
export type AuthenticatedTokenKind = (typeof authenticatedTokenKinds)[number];

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

  @ApiProperty({ enum: authenticatedTokenKinds })
  readonly token_kind!: AuthenticatedTokenKind;
}

export function authenticateResponse(
  { id, email, groups, scopes, claims }: Principal,
  kind: AuthenticatedTokenKind,
): AuthenticateResponse {
  const { jti } = claims;
  return {
    principal: id,
    email: email ?? null,
    groups: [...groups],
    scopes: [...scopes],
    jti: typeof jti === 'string' ? jti : null,
    token_kind: kind,
  };
}
