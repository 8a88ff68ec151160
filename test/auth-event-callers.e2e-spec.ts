import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, UseGuards } from '@nestjs/common';
import { ExternalContextCreator } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import {
  AuthModule,
  type AuthModuleOptions,
  MemoryRevocation,
  OptionalAuth,
  PolicyDecisionPoint,
  Principal,
  Public,
  RequireAudience,
  RequirePermissions,
} from '@nmp/auth';
import { ProofKey, StaticPolicyDecisionPoint } from '@nmp/auth/testing';
import { writeUnsignedToken } from '@nmp/tokens';
import { EventRecord } from './support/event-record.js';
import { adapters, type AdapterName, startApp } from './support/http-apps.js';
import { startIssuer } from './support/issuers.js';

@Controller()
class CallersController {
  @Get('guarded')
  guarded(@Principal('id') id: string) {
    return { id };
  }

  @Public()
  @Get('public')
  public() {
    return {};
  }

  @OptionalAuth()
  @Get('optional')
  optional() {
    return {};
  }

  @RequireAudience('billing')
  @Get('billing')
  billing() {
    return {};
  }

  @RequirePermissions('models.delete')
  @Get('permitted')
  permitted() {
    return {};
  }

  @UseGuards(AuthGuard('jwt'))
  @Get('passport')
  passport() {
    return {};
  }

  @Public()
  @UseGuards(AuthGuard('jwt'))
  @Get('passport-alone')
  passportAlone() {
    return {};
  }
}

const running: { close(): unknown }[] = [];

afterEach(async () => {
  for (const part of running.splice(0).toReversed()) await part.close();
});

describe.each(adapters)('events of callers on %s', (adapter: AdapterName) => {
  async function start(options: Partial<AuthModuleOptions> = {}) {
    const issuer = await startIssuer();
    running.push(issuer);
    const decisions = new StaticPolicyDecisionPoint({ 'alice@example.com': { system: ['models.delete'] } });
    const { app, url } = await startApp(adapter, {
      imports: [
        { module: class Decisions {}, providers: [{ provide: PolicyDecisionPoint, useValue: decisions }] },
        AuthModule.forRoot({ ...options, oidc: { issuer: issuer.issuer, clientId: 'nmp-cli', ...options.oidc } }),
      ],
      controllers: [CallersController],
    });
    running.push(app);
    const record = new EventRecord(app);
    const told = async (path: string, headers: Record<string, string> = {}): Promise<string[]> => {
      await fetch(`${url}/${path}`, { headers });
      return record.takeCallers();
    };
    return { app, issuer, record, told };
  }

  const bearer = (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}` });

  it('name what a trusted gateway says, which is never remembered', async () => {
    const { told } = await start({ trustedHeaders: { cidrs: ['127.0.0.0/8'] } });
    const headers = { 'X-NMP-Principal-Id': 'alice' };
    for (let at = 0; at < 2; at++) expect(await told('guarded', headers)).toEqual(['in: gateway by http']);
    expect(await told('guarded', { 'X-NMP-Principal-Id': 'a'.repeat(5000) })).toEqual([
      'out: malformed_request by http',
    ]);
  });

  it('name what nobody has signed', async () => {
    const { told } = await start({ allowUnsignedJwt: true, oidc: { enabled: false } });
    const token = writeUnsignedToken({ email: 'alice@example.com' }, Date.now() / 1000, 3600);
    for (const headers of [bearer(token), { 'X-NMP-Principal-Id': 'alice@example.com' }]) {
      expect(await told('guarded', headers)).toEqual(['in: unsigned by http']);
    }
  });

  it('name a token that its issuer was asked about', async () => {
    const oidc = { introspectOpaqueTokens: true, introspectionClientId: 'api', introspectionClientSecret: 'a-secret' };
    const { issuer, told } = await start({ oidc });
    const token = bearer(issuer.opaqueToken());
    expect(await told('guarded', token)).toEqual(['in: opaque by http']);
    expect(await told('guarded', token)).toEqual(['in: opaque by http, remembered']);
    issuer.tell('unknown-token', { active: false });
    // The second answer comes from memory: it is another request all the same.
    for (let at = 0; at < 2; at++) {
      expect(await told('guarded', bearer('unknown-token'))).toEqual(['out: token_inactive by http']);
    }
  });

  it('name a token that is bound to a key, with its proof', async () => {
    const publicUrl = 'https://models.example.com';
    const { issuer, told } = await start({ publicUrl, dpop: {} });
    const key = await ProofKey.generate();
    const token = await issuer.accessToken({ claims: { cnf: { jkt: key.thumbprint } } });
    const proven = (): Record<string, string> => ({
      Authorization: `DPoP ${token}`,
      DPoP: key.proof({ url: `${publicUrl}/guarded`, token }),
    });
    expect(await told('guarded', proven())).toEqual(['in: access by http']);
    expect(await told('guarded', proven())).toEqual(['in: access by http, remembered']);
    expect(await told('guarded', { Authorization: `DPoP ${token}` })).toEqual(['out: dpop_proof by http']);
  });

  it('know a remembered token also where revocations are asked for', async () => {
    const revocation = new MemoryRevocation();
    const { issuer, told } = await start({ revocation });
    const token = bearer(await issuer.accessToken());
    expect(await told('guarded', token)).toEqual(['in: access by http']);
    expect(await told('guarded', token)).toEqual(['in: access by http, remembered']);
  });

  it('know no token where none is kept', async () => {
    const { issuer, told } = await start({ cache: false });
    const token = bearer(await issuer.accessToken());
    for (let at = 0; at < 2; at++) expect(await told('guarded', token)).toEqual(['in: access by http']);
  });

  it('are not told where nobody is asked for, and nobody comes', async () => {
    const { told } = await start();
    expect(await told('public', bearer('garbage'))).toEqual([]);
    expect(await told('optional')).toEqual([]);
    expect(await told('optional', bearer('garbage'))).toEqual(['out: token_malformed by http']);
  });

  it('tell of the rules of a route after the caller is known', async () => {
    const { issuer, told } = await start();
    const [bob, alice] = [await issuer.accessToken(), await issuer.accessToken({ email: 'alice@example.com' })];
    expect(await told('billing', bearer(bob))).toEqual(['in: access by http', 'out: token_audience by http']);
    expect(await told('permitted', bearer(bob))).toEqual([
      'in: access by http, remembered',
      'out: access_denied by http',
    ]);
    expect(await told('permitted', bearer(alice))).toEqual(['in: access by http']);
  });

  it('tell of a call that comes by a way which is not known', async () => {
    const { app, record } = await start();
    const controller = app.get(CallersController);
    const reach = async (name: 'public' | 'guarded'): Promise<unknown> => {
      const creator = app.get(ExternalContextCreator);
      const handler = controller[name] as (...args: unknown[]) => unknown; // called without what it would use
      const unused = [undefined, undefined, undefined, undefined, undefined] as const;
      return creator.create(controller, handler, name, ...unused, 'other').apply(controller, [{}]);
    };
    expect(await reach('public')).toEqual({});
    expect(record.takeCallers()).toEqual([]);
    await expect(reach('guarded')).rejects.toThrow('Forbidden');
    expect(record.takeCallers()).toEqual(['out: access_denied by unknown']);
  });

  it("are told once where passport's guard asks, too", async () => {
    const { issuer, told } = await start();
    const token = bearer(await issuer.accessToken());
    expect(await told('passport', token)).toEqual(['in: access by http']);
    expect(await told('passport-alone', token)).toEqual(['in: access by http, remembered']);
    expect(await told('passport')).toEqual(['out: missing_token by http']);
    expect(await told('passport-alone', bearer('garbage'))).toEqual(['out: token_malformed by http']);
  });
});
