import 'reflect-metadata';
import { Controller, Get, Module, Post, type DynamicModule } from '@nestjs/common';
import { AuthModule, Principal, Public, RequireScopes } from '@nmp/auth';

@Controller()
class ItemsController {
  @Public()
  @Get('health')
  health() {
    return { status: 'ok' };
  }

  @RequireScopes('platform:read')
  @Get('items')
  list(@Principal() principal: Principal) {
    return { owner: principal.email };
  }

  @RequireScopes('platform:write')
  @Post('items')
  create(@Principal('id') id: string) {
    return { createdBy: id };
  }
}

/** An application as its author would write it: one guarded controller, one open route. */
@Module({})
export class AppModule {
  static withIssuer(issuer: string): DynamicModule {
    const auth = AuthModule.forRoot({ oidc: { issuer, clientId: 'nmp-cli', audience: 'nmp-platform' } });
    return { module: AppModule, imports: [auth], controllers: [ItemsController] };
  }
}
