import { Controller, Delete, Get, Headers, Inject, Param } from '@nestjs/common';
import { Principal } from '@nmp/auth';
import { ModelsClient } from './models.client.js';

/** What clients call. Every route asks for an access token of the identity provider: there is nothing to do for that. */
@Controller()
export class GatewayController {
  constructor(@Inject(ModelsClient) private readonly models: ModelsClient) {}

  @Get('hello')
  hello(@Principal() { id, email }: Principal) {
    return { hello: email ?? id };
  }

  @Get('models')
  list(@Headers('authorization') authorization: string): Promise<unknown> {
    return this.models.call(authorization, 'GET', '/models');
  }

  @Delete('models/:name')
  remove(@Headers('authorization') authorization: string, @Param('name') name: string): Promise<unknown> {
    return this.models.call(authorization, 'DELETE', `/models/${encodeURIComponent(name)}`);
  }
}
