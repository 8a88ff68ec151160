import { Controller, Get } from '@nestjs/common';
import { Principal, Public, RequireScopes } from '@nmp/auth';

@Controller()
export class ReportsController {
  @Public()
  @Get('health')
  health() {
    return { status: 'ok' };
  }

  @RequireScopes('reports:read')
  @Get('reports')
  list(@Principal('email') email: string) {
    return { reports: 'those of ' + email };
  }
}
