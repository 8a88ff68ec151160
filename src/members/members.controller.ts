import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Principal, RequireScopes } from '@nmp/auth';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { RequestId } from '../http/request-id.decorator.js';
import { Callers } from '../policy/callers.service.js';
import { confirmationOf, isWaitAsked, waitQuery } from '../policy/decisions/propagation-wait.reader.js';
import { RolePropagation } from '../policy/decisions/role-propagation.js';
import { RolePermissions } from '../policy/role-permissions.js';
import type { Member } from './member.js';
import { AddMemberRequest, SetMemberRequest } from './member.requests.js';
import { MemberListResponse, memberResponse, MemberRemovedResponse, MemberResponse } from './member.responses.js';
import { MembersService } from './members.service.js';

const DEFAULT_ROLES = ['Editor'];
const hidden = 'There is no such workspace, or it is not yours to see, or the role Admin is missing';
const notThere = 'For those who see all: there is no such workspace';

@ApiTags('Members')
@ApiParam({ name: 'workspace', example: 'ml-team' })
@Controller('apis/entities/v2/workspaces/:workspace/members')
export class MembersController {
  constructor(
    @Inject(MembersService) private readonly members: MembersService,
    @Inject(Callers) private readonly callers: Callers,
    @Inject(RolePropagation) private readonly propagation: RolePropagation,
    @Inject(RolePermissions) private readonly permissions: RolePermissions,
  ) {}

  @Get()
  @RequireScopes('entities:read')
  @ApiOperation({ summary: 'List the members of a workspace; Viewers, Editors and Admins may' })
  @ApiResponse({ status: 200, type: MemberListResponse })
  @ApiErrors({ 403: 'There is no such workspace, or it is not yours to see', 404: notThere })
  async list(@Principal() principal: Principal, @Param('workspace') workspace: string): Promise<MemberListResponse> {
    const members = await this.members.list(this.callers.of(principal), workspace);
    return { data: members.map((member) => memberResponse(member)) };
  }

  @Post()
  @RequireScopes('entities:write')
  @ApiOperation({ summary: 'Give somebody roles in a workspace, beside those they have; Admins may' })
  @ApiQuery(waitQuery)
  @ApiBody({ type: AddMemberRequest })
  @ApiResponse({ status: 201, type: MemberResponse })
  @ApiErrors({ 400: 'The body is wrong, or names a role there is not', 403: hidden, 404: notThere })
  async add(
    @Principal() principal: Principal,
    @Param('workspace') workspace: string,
    @Query() query: Record<string, unknown>,
    @Body() body: AddMemberRequest,
    @RequestId() requestId: string,
  ): Promise<MemberResponse> {
    const isWaiting = isWaitAsked(query);
    const wanted = { principal: body.principal, roles: body.roles ?? DEFAULT_ROLES };
    const { member, hint } = await this.members.add(this.callers.of(principal, requestId), workspace, wanted);
    const confirmation = await this.confirm(isWaiting, workspace, member);
    return { ...memberResponse(member), ...(hint !== undefined && { hint }), ...confirmation };
  }

  @Put(':principal_id')
  @RequireScopes('entities:write')
  @ApiOperation({ summary: 'Give somebody exactly these roles in a workspace; Admins may' })
  @ApiQuery(waitQuery)
  @ApiBody({ type: SetMemberRequest })
  @ApiResponse({ status: 200, type: MemberResponse })
  @ApiErrors({
    400: 'The body is wrong, or names a role there is not',
    403: hidden,
    404: notThere,
    409: 'It would leave the workspace without an Admin',
  })
  async set(
    @Principal() principal: Principal,
    @Param('workspace') workspace: string,
    @Param('principal_id') member: string,
    @Query() query: Record<string, unknown>,
    @Body() body: SetMemberRequest,
    @RequestId() requestId: string,
  ): Promise<MemberResponse> {
    const isWaiting = isWaitAsked(query);
    const caller = this.callers.of(principal, requestId);
    const state = await this.members.set(caller, workspace, member, body.roles);
    return { ...memberResponse(state), ...(await this.confirm(isWaiting, workspace, state)) };
  }

  @Delete(':principal_id')
  @HttpCode(200)
  @RequireScopes('entities:write')
  @ApiOperation({ summary: 'Take every role in a workspace away from somebody; Admins may' })
  @ApiQuery(waitQuery)
  @ApiResponse({ status: 200, type: MemberRemovedResponse })
  @ApiErrors({
    403: hidden,
    404: 'They have no role there, or, for those who see all: there is no such workspace',
    409: 'It would leave the workspace without an Admin',
  })
  async remove(
    @Principal() principal: Principal,
    @Param('workspace') workspace: string,
    @Param('principal_id') member: string,
    @Query() query: Record<string, unknown>,
    @RequestId() requestId: string,
  ): Promise<MemberRemovedResponse> {
    const isWaiting = isWaitAsked(query);
    const id = await this.members.remove(this.callers.of(principal, requestId), workspace, member);
    const confirmation = await this.confirm(isWaiting, workspace, { principal: id, roles: [] });
    return { id, message: `Member removed from workspace '${workspace}'`, ...confirmation };
  }

  private confirm(isWaiting: boolean, workspace: string, { principal, roles }: Pick<Member, 'principal' | 'roles'>) {
    const all = this.permissions
      .rolesOfMembers(workspace)
      .map((role): [string, boolean] => [role, roles.includes(role)]);
    return confirmationOf(this.propagation, isWaiting, { principal, workspace, roles: Object.fromEntries(all) });
  }
}
