import { ApiProperty } from '@nestjs/swagger';
import type { Principal } from '@nmp/tokens';

/** Who the token says the caller is. */
export class PrincipalResponse {
  @ApiProperty({ enum: ['user', 'client', 'service', 'anonymous'] })
  readonly kind!: string;

  @ApiProperty({ example: '5f2f7a0c' })
  readonly id!: string;

  @ApiProperty({ type: String, nullable: true, example: 'alice@example.com' })
  readonly email!: string | null;

  @ApiProperty({ type: Boolean, nullable: true, description: 'null: the provider does not say' })
  readonly email_verified!: boolean | null;

  @ApiProperty({ type: [String], example: ['team-ml'] })
  readonly groups!: string[];

  @ApiProperty({ description: 'The provider left groups out of the token because there are too many' })
  readonly groups_overage!: boolean;

  @ApiProperty({ example: 'https://idp.example.com' })
  readonly issuer!: string;

  @ApiProperty({ type: String, nullable: true, example: 'nmp-cli' })
  readonly client_id!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'null: never' })
  readonly expires_at!: string | null;
}

/** The caller as the service sees it. */
export class WhoamiResponse {
  @ApiProperty({ type: PrincipalResponse })
  readonly principal!: PrincipalResponse;

  @ApiProperty({ type: [String], description: 'Scopes of the token, without the configured prefix' })
  readonly scopes!: string[];

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'array', items: { type: 'string' } },
    description:
      'Workspace by workspace, the roles that bindings give you, by id, e-mail address, group or as everybody',
    example: { default: ['Editor'], 'ml-team': ['Admin'] },
  })
  readonly roles!: Record<string, string[]>;
}

// What has no expiry has the last date there is; the wire format ends with the year 9999.
const NEVER = new Date('9999-12-31T23:59:59.999Z');

export function whoamiResponse(
  principal: Principal,
  bound: readonly { readonly workspace: string; readonly role: string }[],
): WhoamiResponse {
  const { kind, id, email, emailVerified, groups, groupsOverage, issuer, clientId, expiresAt, scopes } = principal;
  return {
    principal: {
      kind,
      id,
      email: email ?? null,
      email_verified: emailVerified ?? null,
      groups: [...groups],
      groups_overage: groupsOverage,
      issuer,
      client_id: clientId ?? null,
      expires_at: expiresAt < NEVER ? expiresAt.toISOString() : null,
    },
    scopes: [...scopes],
    roles: rolesByWorkspace(bound),
  };
}

function rolesByWorkspace(bound: readonly { workspace: string; role: string }[]): Record<string, string[]> {
  const names = [...new Set(bound.map(({ workspace }) => workspace))].sort();
  const rolesIn = (name: string) => bound.filter(({ workspace }) => workspace === name).map(({ role }) => role);
  return Object.fromEntries(names.map((name) => [name, rolesIn(name).sort()]));
}
