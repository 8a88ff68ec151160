import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Principal, RequireScopes } from '@nmp/auth';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { ApiListQuery } from '../http/api-list-query.decorator.js';
import { parseFlag } from '../http/flag-query.reader.js';
import { paginationOf } from '../http/page.response.js';
import { readListQuery } from '../http/list-query.reader.js';
import { RequestId } from '../http/request-id.decorator.js';
import { Callers } from '../policy/callers.service.js';
import { confirmationOf, isWaitAsked, waitQuery } from '../policy/decisions/propagation-wait.reader.js';
import { RolePropagation } from '../policy/decisions/role-propagation.js';
import { SYSTEM_WORKSPACE } from '../policy/role-names.js';
import type { RoleBindingRow } from '../storage/schema.js';
import { roleBindingFilterFields, roleBindingSortFields } from './role-binding-pages.repository.js';
import { CreateRoleBindingRequest } from './role-binding.requests.js';
import {
  RoleBindingPageResponse,
  RoleBindingResponse,
  roleBindingResponse,
  RoleBindingRevokedResponse,
} from './role-binding.responses.js';
import { RoleBindingsService } from './role-bindings.service.js';

const listRules = {
  sortFields: roleBindingSortFields,
  defaultSort: 'created_at',
  filterFields: roleBindingFilterFields,
  defaultPageSize: 10,
  maxPageSize: 1000,
};
const refused = 'The role PlatformAdmin is missing';

@ApiTags('Role bindings')
@Controller('apis/auth/v2/iam/role-bindings')
export class RoleBindingsController {
  constructor(
    @Inject(RoleBindingsService) private readonly bindings: RoleBindingsService,
    @Inject(Callers) private readonly callers: Callers,
    @Inject(RolePropagation) private readonly propagation: RolePropagation,
  ) {}

  @Get()
  @RequireScopes('auth:read')
  @ApiOperation({ summary: 'List the role bindings of all workspaces; the PlatformAdmin and services may' })
  @ApiListQuery(listRules)
  @ApiResponse({ status: 200, type: RoleBindingPageResponse })
  @ApiErrors({ 400: 'A parameter is wrong', 403: refused })
  async list(
    @Principal() principal: Principal,
    @Query() parameters: Record<string, unknown>,
  ): Promise<RoleBindingPageResponse> {
    const query = readListQuery(parameters, listRules);
    parseFlag('filter[is_active]', query.filter.is_active, true);
    const { rows, total } = await this.bindings.list(this.callers.of(principal), query);
    return { data: rows.map((row) => roleBindingResponse(row)), ...paginationOf(query, rows.length, total) };
  }

  @Post()
  @HttpCode(200)
  @RequireScopes('auth:write')
  @ApiOperation({ summary: 'Give a role in any workspace; the PlatformAdmin and services may' })
  @ApiQuery(waitQuery)
  @ApiBody({ type: CreateRoleBindingRequest })
  @ApiResponse({ status: 200, type: RoleBindingResponse })
  @ApiErrors({ 400: 'The body is wrong', 403: refused, 404: 'There is no such workspace', 409: 'It is there already' })
  async create(
    @Principal() principal: Principal,
    @Query() parameters: Record<string, unknown>,
    @Body() { principal: named, workspace, role }: CreateRoleBindingRequest,
    @RequestId() requestId: string,
  ): Promise<RoleBindingResponse> {
    const isWaiting = isWaitAsked(parameters);
    const wanted = { principal: named, workspace: workspace ?? SYSTEM_WORKSPACE, role };
    const { row, hint } = await this.bindings.create(this.callers.of(principal, requestId), wanted);
    return { ...roleBindingResponse(row, hint), ...(await this.confirm(isWaiting, row, true)) };
  }

  @Get(':name')
  @RequireScopes('auth:read')
  @ApiOperation({ summary: 'Read a role binding, also one that was revoked' })
  @ApiResponse({ status: 200, type: RoleBindingResponse })
  @ApiErrors({ 403: refused, 404: 'There is none of that name' })
  async get(@Principal() principal: Principal, @Param('name') name: string): Promise<RoleBindingResponse> {
    return roleBindingResponse(await this.bindings.get(this.callers.of(principal), name));
  }

  @Delete(':name')
  @HttpCode(200)
  @RequireScopes('auth:write')
  @ApiOperation({ summary: 'Revoke a role binding, the last Admin of a workspace not excepted' })
  @ApiQuery(waitQuery)
  @ApiResponse({ status: 200, type: RoleBindingRevokedResponse })
  @ApiErrors({ 403: refused, 404: 'There is none of that name', 409: 'It is revoked already' })
  async revoke(
    @Principal() principal: Principal,
    @Param('name') name: string,
    @Query() parameters: Record<string, unknown>,
    @RequestId() requestId: string,
  ): Promise<RoleBindingRevokedResponse> {
    const isWaiting = isWaitAsked(parameters);
    const row = await this.bindings.revoke(this.callers.of(principal, requestId), name);
    return { id: row.id, ...(await this.confirm(isWaiting, row, false)) };
  }

  private confirm(isWaiting: boolean, { principal, workspace, role }: RoleBindingRow, isInForce: boolean) {
    return confirmationOf(this.propagation, isWaiting, { principal, workspace, roles: { [role]: isInForce } });
  }
}
