import { Body, Controller, Get, Headers, Post } from '@nestjs/common';
import {
  AuthModule,
  type AuthModuleExtras,
  type AuthModuleOptions,
  Principal,
  RequireAudience,
  RequireAuthContext,
  RequireScopes,
} from '@nmp/auth';
import { IsString } from 'class-validator';
import { startIssuer } from './issuers.js';
import { type AdapterName, type AppParts, startApp } from './http-apps.js';

class Note {
  @IsString()
  text!: string;
}

@Controller('notes')
class NotesController {
  @Get()
  list(@Principal() principal: Principal) {
    return { kind: principal.kind };
  }

  @Get('billing')
  @RequireAudience('billing')
  billing() {
    return {};
  }

  @Get('secret')
  @RequireAuthContext({ acr: ['phr', 'phrh'], maxAgeSeconds: 300 })
  secret() {
    return {};
  }

  @Get('me')
  me(@Principal() { id, groups, scopes }: Principal) {
    return { id, groups, scopes };
  }

  @Get('headers')
  headers(@Headers() headers: Record<string, string>) {
    return Object.keys(headers);
  }

  @Post()
  @RequireScopes('notes:write')
  write(@Principal() principal: Principal, @Body() note: Note) {
    return { by: principal.id, text: note.text };
  }
}

/** Applications with {@link NotesController}, each with an issuer of its own, until they are closed. */
export class NotesApps {
  private readonly running: { close(): Promise<unknown> }[] = [];

  constructor(private readonly adapter: AdapterName) {}

  async start(options: Partial<AuthModuleOptions & AuthModuleExtras> = {}, parts: Partial<AppParts> = {}) {
    const issuer = await startIssuer();
    const oidc = { issuer: issuer.issuer, clientId: 'nmp-cli', ...options.oidc };
    const imports = parts.imports ?? [AuthModule.forRoot({ ...options, oidc })];
    const { app, url } = await startApp(this.adapter, { controllers: [NotesController], ...parts, imports });
    this.running.push(app, issuer);
    const call = async (path: string, scope?: string, init: RequestInit = {}): Promise<Response> => {
      const authorization = `Bearer ${await issuer.accessToken({ scope: scope ?? 'openid' })}`;
      return fetch(`${url}${path}`, { ...init, headers: { authorization, ...init.headers } });
    };
    return { issuer, url, call };
  }

  /** An issuer beside those of the applications, closed with them. */
  async startIssuer(...given: Parameters<typeof startIssuer>) {
    const issuer = await startIssuer(...given);
    this.running.push(issuer);
    return issuer;
  }

  async close(): Promise<void> {
    await Promise.all(this.running.splice(0).map((part) => part.close()));
  }
}
