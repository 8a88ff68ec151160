import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Principal } from '@nmp/auth';
import { Callers } from '../policy/callers.service.js';
import { RoleBindingsRepository } from '../role-bindings/role-bindings.repository.js';
import { Database } from '../storage/database.js';
import { WhoamiResponse, whoamiResponse } from './whoami.response.js';

@ApiTags('Identity')
@Controller('apis/auth/v2/whoami')
export class WhoamiController {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RoleBindingsRepository) private readonly bindings: RoleBindingsRepository,
    @Inject(Callers) private readonly callers: Callers,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Who you are, by your access token, and the roles you have' })
  @ApiResponse({ status: 200, type: WhoamiResponse })
  async whoami(@Principal() principal: Principal): Promise<WhoamiResponse> {
    const { bindingPrincipals } = this.callers.of(principal);
    return whoamiResponse(principal, await this.bindings.findRoles(this.database, bindingPrincipals));
  }
}
