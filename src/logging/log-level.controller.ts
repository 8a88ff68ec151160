import { Body, Controller, Get, Inject, Put } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Principal, RequireScopes } from '@nmp/auth';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { RequestId } from '../http/request-id.decorator.js';
import { Callers } from '../policy/callers.service.js';
import { ChangeLogLevelRequest } from './log-level.requests.js';
import { LogLevelResponse } from './log-level.responses.js';
import { LogLevelService } from './log-level.service.js';

const refused = 'The role PlatformAdmin is missing';

@ApiTags('Operations')
@Controller('apis/platform/v2/log-level')
export class LogLevelController {
  constructor(
    @Inject(LogLevelService) private readonly levels: LogLevelService,
    @Inject(Callers) private readonly callers: Callers,
  ) {}

  @Get()
  @RequireScopes('platform:read')
  @ApiOperation({ summary: 'How much this instance logs; the PlatformAdmin and services may ask' })
  @ApiResponse({ status: 200, type: LogLevelResponse })
  @ApiErrors({ 403: refused })
  async get(@Principal() principal: Principal): Promise<LogLevelResponse> {
    return { level: await this.levels.get(this.callers.of(principal)) };
  }

  @Put()
  @RequireScopes('platform:write')
  @ApiOperation({ summary: 'Change how much this instance logs, until it is restarted' })
  @ApiBody({ type: ChangeLogLevelRequest })
  @ApiResponse({ status: 200, type: LogLevelResponse })
  @ApiErrors({ 400: 'The body is wrong', 403: refused })
  async set(
    @Principal() principal: Principal,
    @Body() { level }: ChangeLogLevelRequest,
    @RequestId() requestId: string,
  ): Promise<LogLevelResponse> {
    return { level: await this.levels.set(this.callers.of(principal, requestId), level) };
  }
}
