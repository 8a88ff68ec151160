import { All, Controller, Get, Headers, HttpCode, Injectable, Post } from '@nestjs/common';
import { OptionalAuth, Principal, Public, RequireAudience, RequireAuthContext, RequireScopes } from '@nmp/auth';

/** Counts how often a handler was reached. */
@Injectable()
export class HandlerCalls {
  private calls = 0;

  get count(): number {
    return this.calls;
  }

  note(): void {
    this.calls++;
  }
}

/** One route of each kind, each telling whom it was called by. */
@Controller()
export class StageController {
  constructor(private readonly calls: HandlerCalls) {}

  @All()
  any(@Principal() principal: Principal) {
    return this.told(principal);
  }

  @Get('orders')
  @RequireScopes('orders:read')
  orders(@Principal() principal: Principal) {
    return this.told(principal);
  }

  @Get('billing')
  @RequireAudience('billing')
  billing(@Principal() principal: Principal) {
    return this.told(principal);
  }

  @Get('vault')
  @RequireAuthContext({ acr: 'phr', maxAgeSeconds: 300 })
  vault(@Principal() principal: Principal) {
    return this.told(principal);
  }

  @Get('open')
  @Public()
  open(@Principal() principal: Principal) {
    return this.told(principal);
  }

  @Get('optional')
  @OptionalAuth()
  optional(@Principal() principal: Principal) {
    return this.told(principal);
  }

  @Get('optional-orders')
  @OptionalAuth()
  @RequireScopes('orders:read')
  optionalOrders(@Principal() principal: Principal) {
    return this.told(principal);
  }

  @Get('headers')
  headers(@Headers() headers: Record<string, string>) {
    this.calls.note();
    return { names: Object.keys(headers) };
  }

  @Post('form')
  @HttpCode(200)
  form(@Principal() principal: Principal) {
    return this.told(principal);
  }

  private told(principal: Principal) {
    this.calls.note();
    const { kind, id, email, groups, groupsOverage, scopes, clientId, issuer, actor } = principal;
    return { kind, id, email, groups, groupsOverage, scopes, clientId, issuer, actor };
  }
}
