import { Controller, Delete, Get, Param } from '@nestjs/common';
import { Principal, RequirePermissions, RequireScopes } from '@nmp/auth';

/** Decides by itself what the original caller may do. That the gateway let it through is not enough. */
@Controller('models')
export class ModelsController {
  @Get()
  @RequireScopes('models:read')
  @RequirePermissions('models.read')
  list(@Principal() { id, email, groups, issuer }: Principal) {
    return { models: ['llama', 'mistral'], caller: { id, email, groups, issuer } };
  }

  @Delete(':name')
  @RequireScopes('models:write')
  @RequirePermissions('models.delete')
  remove(@Param('name') name: string) {
    return { removed: name };
  }
}
