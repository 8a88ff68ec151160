import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Principal, RequireScopes } from '@nmp/auth';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { parseFlag } from '../http/flag-query.reader.js';
import { Callers } from '../policy/callers.service.js';
import { AddMemberRequest, SetMemberRequest } from './member.requests.js';
import { MemberListResponse, memberResponse, MemberRemovedResponse, MemberResponse } from './member.responses.js';
import { MembersService } from './members.service.js';

const DEFAULT_ROLES = ['Editor'];
const hidden = 'There is no such workspace, or it is not yours to see, or a scope or the role Admin is missing';
const notThere = 'For those who see all: there is no such workspace';

@ApiTags('Members')
@ApiParam({ name: 'workspace', example: 'ml-team' })
@Controller('apis/entities/v2/workspaces/:workspace/members')
export class MembersController {
  constructor(
    @Inject(MembersService) private readonly members: MembersService,
    @Inject(Callers) private readonly callers: Callers,
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
  @ApiQuery(waitQuery())
  @ApiBody({ type: AddMemberRequest })
  @ApiResponse({ status: 201, type: MemberResponse })
  @ApiErrors({ 400: 'The body is wrong, or names a role there is not', 403: hidden, 404: notThere })
  async add(
    @Principal() principal: Principal,
    @Param('workspace') workspace: string,
    @Query() query: Record<string, unknown>,
    @Body() body: AddMemberRequest,
  ): Promise<MemberResponse> {
    checkWait(query);
    const wanted = { principal: body.principal, roles: body.roles ?? DEFAULT_ROLES };
    const { member, hint } = await this.members.add(this.callers.of(principal), workspace, wanted);
    return memberResponse(member, hint);
  }

  @Put(':principal_id')
  @RequireScopes('entities:write')
  @ApiOperation({ summary: 'Give somebody exactly these roles in a workspace; Admins may' })
  @ApiQuery(waitQuery())
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
  ): Promise<MemberResponse> {
    checkWait(query);
    return memberResponse(await this.members.set(this.callers.of(principal), workspace, member, body.roles));
  }

  @Delete(':principal_id')
  @HttpCode(200)
  @RequireScopes('entities:write')
  @ApiOperation({ summary: 'Take every role in a workspace away from somebody; Admins may' })
  @ApiQuery(waitQuery())
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
  ): Promise<MemberRemovedResponse> {
    checkWait(query);
    const id = await this.members.remove(this.callers.of(principal), workspace, member);
    return { id, message: `Member removed from workspace '${workspace}'` };
  }
}

function waitQuery() {
  const description = 'Kept for clients that ask for it: the roles hold everywhere when the answer is there';
  return { name: 'wait_role_propagation', required: false, description, schema: { type: 'boolean' as const } };
}

/** Every decision reads the roles as they are stored, so there is nothing to wait for. */
function checkWait(query: Record<string, unknown>): void {
  parseFlag('wait_role_propagation', query.wait_role_propagation, false);
}
