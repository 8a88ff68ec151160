import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Principal } from '@nmp/auth';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { WhoamiResponse, whoamiResponse } from './whoami.response.js';

@ApiTags('Identity')
@Controller('apis/auth/v2/whoami')
export class WhoamiController {
  @Get()
  @ApiOperation({ summary: 'Who you are, by your access token' })
  @ApiResponse({ status: 200, type: WhoamiResponse })
  @ApiErrors()
  whoami(@Principal() principal: Principal): WhoamiResponse {
    return whoamiResponse(principal);
  }
}
