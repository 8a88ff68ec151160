import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule } from '@nmp/auth';
import { GatewayController } from './gateway.controller.js';
import { GatewaySettings } from './gateway-settings.js';
import { HopTokens } from './hop-tokens.service.js';
import { ModelsClient } from './models.client.js';

/** The service in front: it verifies the access token, once. */
@Module({})
export class GatewayModule {
  static forRoot(settings: GatewaySettings): DynamicModule {
    const { issuer, audience } = settings;
    return {
      module: GatewayModule,
      imports: [AuthModule.forRoot({ oidc: { issuer, audience, clientId: 'nmp-cli' } })],
      controllers: [GatewayController],
      providers: [HopTokens, ModelsClient, { provide: GatewaySettings, useValue: settings }],
    };
  }
}
