import { Controller, Get, Module } from '@nestjs/common';
import { Principal, RequireScopes } from '@nmp/auth';

@Controller('reports')
class ReportsController {
  @Get()
  @RequireScopes('reports:read')
  list(@Principal() { email, groups }: Principal) {
    return { reader: email, groups };
  }
}

@Module({ controllers: [ReportsController] })
export class ReportsModule {}
