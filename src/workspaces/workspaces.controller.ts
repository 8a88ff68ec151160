import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Principal, RequireScopes } from '@nmp/auth';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { ApiListQuery } from '../http/api-list-query.decorator.js';
import { paginationOf } from '../http/page.response.js';
import { readListQuery } from '../http/list-query.reader.js';
import { RequestId } from '../http/request-id.decorator.js';
import { Callers } from '../policy/callers.service.js';
import { confirmationOf, isWaitAsked, waitQuery } from '../policy/decisions/propagation-wait.reader.js';
import { RolePropagation } from '../policy/decisions/role-propagation.js';
import { CreateWorkspaceRequest, UpdateWorkspaceRequest } from './workspace.requests.js';
import {
  WorkspaceCreatedResponse,
  WorkspaceDeletedResponse,
  WorkspacePageResponse,
  WorkspaceResponse,
  workspaceResponse,
} from './workspace.responses.js';
import { workspaceFilterFields, workspaceSortFields } from './workspaces.repository.js';
import { WorkspacesService } from './workspaces.service.js';

const listRules = {
  sortFields: workspaceSortFields,
  defaultSort: '-created_at',
  filterFields: workspaceFilterFields,
  defaultPageSize: 100,
  maxPageSize: 1000,
};

@ApiTags('Workspaces')
@Controller('apis/entities/v2/workspaces')
export class WorkspacesController {
  constructor(
    @Inject(WorkspacesService) private readonly workspaces: WorkspacesService,
    @Inject(Callers) private readonly callers: Callers,
    @Inject(RolePropagation) private readonly propagation: RolePropagation,
  ) {}

  @Get()
  @RequireScopes('entities:read')
  @ApiOperation({ summary: 'List the workspaces you may see' })
  @ApiListQuery(listRules)
  @ApiResponse({ status: 200, type: WorkspacePageResponse })
  @ApiErrors({ 400: 'A parameter is wrong' })
  async list(
    @Principal() principal: Principal,
    @Query() parameters: Record<string, unknown>,
  ): Promise<WorkspacePageResponse> {
    const query = readListQuery(parameters, listRules);
    const { rows, total } = await this.workspaces.list(this.callers.of(principal), query);
    return { data: rows.map(workspaceResponse), ...paginationOf(query, rows.length, total) };
  }

  @Post()
  @RequireScopes('entities:write')
  @ApiOperation({ summary: 'Create a workspace and become its Admin' })
  @ApiQuery(waitQuery)
  @ApiBody({ type: CreateWorkspaceRequest })
  @ApiResponse({ status: 201, type: WorkspaceCreatedResponse })
  @ApiErrors({
    400: 'The body is wrong',
    403: 'The role WorkspaceCreator is missing',
    409: 'The name is taken',
  })
  async create(
    @Principal() principal: Principal,
    @Query() parameters: Record<string, unknown>,
    @Body() { name, description }: CreateWorkspaceRequest,
    @RequestId() requestId: string,
  ): Promise<WorkspaceCreatedResponse> {
    const caller = this.callers.of(principal, requestId);
    // Nobody becomes Admin where authentication is switched off, so there is nothing to wait for.
    const isWaiting = isWaitAsked(parameters) && caller.ownPrincipal !== undefined;
    const workspace = workspaceResponse(await this.workspaces.create(caller, name, description ?? null));
    const expected = { principal: caller.ownPrincipal ?? '', workspace: name, roles: { Admin: true } };
    return { ...workspace, ...(await confirmationOf(this.propagation, isWaiting, expected)) };
  }

  @Get(':name')
  @RequireScopes('entities:read')
  @ApiOperation({ summary: 'Read a workspace' })
  @ApiResponse({ status: 200, type: WorkspaceResponse })
  @ApiErrors({
    403: 'There is no such workspace, or it is not yours to see',
    404: 'For those who see all: there is none',
  })
  async get(@Principal() principal: Principal, @Param('name') name: string): Promise<WorkspaceResponse> {
    return workspaceResponse(await this.workspaces.get(this.callers.of(principal), name));
  }

  @Put(':name')
  @RequireScopes('entities:write')
  @ApiOperation({ summary: 'Change the description; Editors and Admins may' })
  @ApiBody({ type: UpdateWorkspaceRequest })
  @ApiResponse({ status: 200, type: WorkspaceResponse })
  @ApiErrors({
    400: 'The body is wrong',
    403: 'The role Editor is missing',
    404: 'For those who see all: there is none',
  })
  async update(
    @Principal() principal: Principal,
    @Param('name') name: string,
    @Body() body: UpdateWorkspaceRequest,
  ): Promise<WorkspaceResponse> {
    return workspaceResponse(await this.workspaces.update(this.callers.of(principal), name, body.description));
  }

  @Delete(':name')
  @HttpCode(200)
  @RequireScopes('entities:write')
  @ApiOperation({ summary: 'Delete a workspace with its role bindings; Admins may' })
  @ApiResponse({ status: 200, type: WorkspaceDeletedResponse })
  @ApiErrors({
    403: 'The role Admin is missing',
    404: 'For those who see all: there is none',
    409: 'The workspace holds projects, or belongs to the platform',
  })
  async delete(
    @Principal() principal: Principal,
    @Param('name') name: string,
    @RequestId() requestId: string,
  ): Promise<WorkspaceDeletedResponse> {
    const { id } = await this.workspaces.delete(this.callers.of(principal, requestId), name);
    return { id, message: 'Workspace marked for deletion' };
  }
}
