import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule, PolicyDecisionPoint } from '@nmp/auth';
import { ModelsController } from './models.controller.js';
import type { ModelsSettings } from './models-settings.js';
import { TeamPermissions } from './team-permissions.js';

/** The service behind: only the platform's hop tokens for `models` get in. */
@Module({})
export class ModelsModule {
  static forRoot({ hopIssuer, jwksUri }: ModelsSettings): DynamicModule {
    const hop = { issuer: hopIssuer, audience: 'models', ...(jwksUri !== undefined && { jwksUri }) };
    return {
      module: ModelsModule,
      imports: [AuthModule.forRoot({ oidc: { enabled: false }, hop })],
      controllers: [ModelsController],
      providers: [{ provide: PolicyDecisionPoint, useClass: TeamPermissions }],
    };
  }
}
