import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Principal, RequireScopes } from '@nmp/auth';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { ApiListQuery } from '../http/api-list-query.decorator.js';
import { readListQuery } from '../http/list-query.reader.js';
import { paginationOf } from '../http/page.response.js';
import { RequestId } from '../http/request-id.decorator.js';
import { Callers } from '../policy/callers.service.js';
import { CreateWorkspaceRequest } from '../workspaces/workspace.requests.js';
import { ProjectDeletedResponse, ProjectPageResponse, ProjectResponse, projectResponse } from './project.responses.js';
import { projectFilterFields, projectSortFields } from './projects.repository.js';
import { ProjectsService } from './projects.service.js';

/** A project is named and described as a workspace is. */
class CreateProjectRequest extends CreateWorkspaceRequest {}

const listRules = {
  sortFields: projectSortFields,
  defaultSort: '-created_at',
  filterFields: projectFilterFields,
  defaultPageSize: 100,
  maxPageSize: 1000,
};
const hidden = 'There is no such workspace, or it is not yours to see, or the role Editor is missing';
const notThere = 'For those who see all: there is no such workspace';

@ApiTags('Projects')
@ApiParam({ name: 'workspace', example: 'ml-team' })
@Controller('apis/entities/v2/workspaces/:workspace/projects')
export class ProjectsController {
  constructor(
    @Inject(ProjectsService) private readonly projects: ProjectsService,
    @Inject(Callers) private readonly callers: Callers,
  ) {}

  @Get()
  @RequireScopes('entities:read')
  @ApiOperation({ summary: 'List the projects of a workspace' })
  @ApiListQuery(listRules)
  @ApiResponse({ status: 200, type: ProjectPageResponse })
  @ApiErrors({ 400: 'A parameter is wrong', 403: hidden, 404: notThere })
  async list(
    @Principal() principal: Principal,
    @Param('workspace') workspace: string,
    @Query() parameters: Record<string, unknown>,
  ): Promise<ProjectPageResponse> {
    const query = readListQuery(parameters, listRules);
    const { rows, total } = await this.projects.list(this.callers.of(principal), workspace, query);
    return { data: rows.map(projectResponse), ...paginationOf(query, rows.length, total) };
  }

  @Post()
  @RequireScopes('entities:write')
  @ApiOperation({ summary: 'Create a project; Editors and Admins may' })
  @ApiBody({ type: CreateProjectRequest })
  @ApiResponse({ status: 201, type: ProjectResponse })
  @ApiErrors({ 400: 'The body is wrong', 403: hidden, 404: notThere, 409: 'The name is taken in the workspace' })
  async create(
    @Principal() principal: Principal,
    @Param('workspace') workspace: string,
    @Body() { name, description = null }: CreateProjectRequest,
    @RequestId() requestId: string,
  ): Promise<ProjectResponse> {
    const caller = this.callers.of(principal, requestId);
    return projectResponse(await this.projects.create(caller, workspace, { name, description }));
  }

  @Delete(':name')
  @HttpCode(200)
  @RequireScopes('entities:write')
  @ApiOperation({ summary: 'Delete a project; Editors and Admins may' })
  @ApiResponse({ status: 200, type: ProjectDeletedResponse })
  @ApiErrors({ 403: hidden, 404: 'There is no such project, or, for those who see all, no such workspace' })
  async delete(
    @Principal() principal: Principal,
    @Param('workspace') workspace: string,
    @Param('name') name: string,
    @RequestId() requestId: string,
  ): Promise<ProjectDeletedResponse> {
    const { id } = await this.projects.delete(this.callers.of(principal, requestId), workspace, name);
    return { id, message: `Project '${name}' deleted` };
  }
}
