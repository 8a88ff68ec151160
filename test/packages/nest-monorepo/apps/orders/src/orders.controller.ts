import { Controller, Get } from '@nestjs/common';
import { Principal, Public, RequireScopes } from '@nmp/auth';

@Controller()
export class OrdersController {
  @Public()
  @Get('health')
  health() {
    return { status: 'ok' };
  }

  @RequireScopes('orders:read')
  @Get('orders')
  list(@Principal('email') email: string) {
    return { orders: 'those of ' + email };
  }
}
