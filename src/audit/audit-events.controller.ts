import { BadRequestException, Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Principal, RequireScopes } from '@nmp/auth';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { ApiListQuery } from '../http/api-list-query.decorator.js';
import { errorBody } from '../http/error-body.js';
import { readListQuery } from '../http/list-query.reader.js';
import { paginationOf } from '../http/page.response.js';
import { Callers } from '../policy/callers.service.js';
import { AuditEventPageResponse, auditEventResponse } from './audit-event.responses.js';
import { auditFilterFields } from './audit-events.repository.js';
import { AuditEventsService } from './audit-events.service.js';
import { auditFilterProblems } from './audit-filter.js';

const listRules = {
  sortFields: ['at'],
  defaultSort: '-at',
  filterFields: auditFilterFields,
  defaultPageSize: 100,
  maxPageSize: 1000,
};
const description =
  'Changes of access, and refused requests. `filter[actor]` takes an id or an e-mail address; `filter[since]` and ' +
  '`filter[until]` take times, the second of which is not included: with it, pages stay as they are while more happens.';

@ApiTags('Audit')
@Controller('apis/auth/v2/audit-events')
export class AuditEventsController {
  constructor(
    @Inject(AuditEventsService) private readonly events: AuditEventsService,
    @Inject(Callers) private readonly callers: Callers,
  ) {}

  @Get()
  @RequireScopes('auth:read')
  @ApiOperation({ summary: 'List what happened to access; the PlatformAdmin and services may', description })
  @ApiListQuery(listRules)
  @ApiResponse({ status: 200, type: AuditEventPageResponse })
  @ApiErrors({ 400: 'A parameter is wrong', 403: 'The role PlatformAdmin is missing' })
  async list(
    @Principal() principal: Principal,
    @Query() parameters: Record<string, unknown>,
  ): Promise<AuditEventPageResponse> {
    const query = readListQuery(parameters, listRules);
    const problems = auditFilterProblems(query.filter);
    if (problems.length > 0) throw new BadRequestException(errorBody(400, problems.join('; ')));
    const { rows, total } = await this.events.list(this.callers.of(principal), query);
    return { data: rows.map(auditEventResponse), ...paginationOf(query, rows.length, total) };
  }
}
