import { Body, Controller, Delete, Get, Header, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Clock, Principal, RequireScopes } from '@nmp/auth';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { ApiListQuery } from '../http/api-list-query.decorator.js';
import { parseFlag } from '../http/flag-query.reader.js';
import { readListQuery } from '../http/list-query.reader.js';
import { paginationOf } from '../http/page.response.js';
import { RequestId } from '../http/request-id.decorator.js';
import { accessKeyFilterFields, accessKeySortFields } from './access-key-pages.repository.js';
import { CreateAccessKeyRequest, RotateAccessKeyRequest } from './access-key.requests.js';
import {
  AccessKeyPageResponse,
  AccessKeyResponse,
  accessKeyResponse,
  NewAccessKeyResponse,
} from './access-key.responses.js';
import { AccessKeys, type NewAccessKey } from './access-keys.service.js';

const listRules = {
  sortFields: accessKeySortFields,
  defaultSort: '-created_at',
  filterFields: accessKeyFilterFields,
  defaultPageSize: 100,
  maxPageSize: 1000,
};
const allQuery = {
  name: 'all',
  required: false,
  description: "Everybody's keys; the PlatformAdmin and services may see them",
  schema: { type: 'boolean' as const, default: false },
};
const refused = 'The token is none that may look after keys';
const notThere = 'You have no such key, or there are no access keys here';

@ApiTags('Access keys')
@Controller('apis/auth/v2/access-keys')
export class AccessKeysController {
  constructor(
    @Inject(AccessKeys) private readonly keys: AccessKeys,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Get()
  @RequireScopes('auth:read')
  @ApiOperation({ summary: 'List your access keys, those that have ended included' })
  @ApiListQuery(listRules)
  @ApiQuery(allQuery)
  @ApiResponse({ status: 200, type: AccessKeyPageResponse })
  @ApiErrors({ 400: 'A parameter is wrong', 403: refused, 404: 'There are no access keys here' })
  async list(
    @Principal() principal: Principal,
    @Query() parameters: Record<string, unknown>,
  ): Promise<AccessKeyPageResponse> {
    const query = readListQuery(parameters, listRules);
    const { rows, total } = await this.keys.list(principal, query, parseFlag('all', parameters.all, false));
    const now = this.clock.now();
    return { data: rows.map((row) => accessKeyResponse(row, now)), ...paginationOf(query, rows.length, total) };
  }

  @Post()
  @Header('Cache-Control', 'no-store')
  @RequireScopes('auth:write')
  @ApiOperation({ summary: 'Make an access key: a token for your programs, good for some of what yours is good for' })
  @ApiBody({ type: CreateAccessKeyRequest })
  @ApiResponse({ status: 201, type: NewAccessKeyResponse })
  @ApiErrors({
    400: 'The body is wrong',
    403: refused,
    404: 'There are no access keys here',
    409: 'The name is taken, or there are too many',
  })
  async create(
    @Principal() principal: Principal,
    @Body() { name, scopes, expires_in_seconds: lifeSeconds }: CreateAccessKeyRequest,
    @RequestId() requestId: string,
  ): Promise<NewAccessKeyResponse> {
    const wanted = { name, scopes, lifeSeconds: lifeSeconds ?? undefined };
    return this.answer(await this.keys.create({ principal, requestId }, wanted));
  }

  @Post(':jti/rotate')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @RequireScopes('auth:write')
  @ApiOperation({ summary: 'Replace an access key by a new one of the same name and scopes' })
  @ApiParam({ name: 'jti', format: 'uuid' })
  @ApiBody({ type: RotateAccessKeyRequest, required: false })
  @ApiResponse({ status: 200, type: NewAccessKeyResponse })
  @ApiErrors({ 400: 'The body is wrong', 403: refused, 404: notThere, 409: 'It has ended, or there are too many' })
  async rotate(
    @Principal() principal: Principal,
    @Param('jti') jti: string,
    @Body() { expires_in_seconds: lifeSeconds, grace_seconds: graceSeconds }: RotateAccessKeyRequest,
    @RequestId() requestId: string,
  ): Promise<NewAccessKeyResponse> {
    const how = { lifeSeconds: lifeSeconds ?? undefined, graceSeconds: graceSeconds ?? 0 };
    return this.answer(await this.keys.rotate({ principal, requestId }, jti, how));
  }

  @Delete(':jti')
  @HttpCode(200)
  @RequireScopes('auth:write')
  @ApiOperation({ summary: 'Revoke an access key of yours; the PlatformAdmin and services, of anybody' })
  @ApiParam({ name: 'jti', format: 'uuid' })
  @ApiResponse({ status: 200, type: AccessKeyResponse })
  @ApiErrors({ 403: refused, 404: notThere })
  async revoke(
    @Principal() principal: Principal,
    @Param('jti') jti: string,
    @RequestId() requestId: string,
  ): Promise<AccessKeyResponse> {
    return accessKeyResponse(await this.keys.revoke({ principal, requestId }, jti), this.clock.now());
  }

  private answer({ row, token }: NewAccessKey): NewAccessKeyResponse {
    return { ...accessKeyResponse(row, this.clock.now()), access_key: token };
  }
}
