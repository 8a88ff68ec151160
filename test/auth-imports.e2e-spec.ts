import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, type DynamicModule, Get, Inject, Module, type Type } from '@nestjs/common';
import { AuthConfig, AuthModule, JwtStrategy, Principal } from '@nmp/auth';
import { adapters, startApp } from './support/http-apps.js';
import { startIssuer } from './support/issuers.js';

@Controller('notes')
class NotesController {
  constructor(
    @Inject(JwtStrategy) readonly strategy: JwtStrategy,
    @Inject(AuthConfig) readonly config: AuthConfig,
  ) {}

  @Get()
  list(@Principal('id') id: string) {
    return { id, isKnown: this.strategy instanceof JwtStrategy, enabled: this.config.enabled };
  }
}

describe.each(adapters)('AuthModule, imported on %s', (adapter) => {
  const running: { close(): Promise<unknown> }[] = [];

  afterEach(async () => {
    await Promise.all(running.splice(0).map((part) => part.close()));
  });

  /** An application with AuthModule in the root, and in a feature module whatever `again` makes. */
  async function start(
    first: (issuer: string) => Type | DynamicModule,
    again: (issuer: string, first: Type | DynamicModule) => Type | DynamicModule,
  ) {
    const issuer = await startIssuer();
    running.push(issuer);
    const root = first(issuer.issuer);

    @Module({ imports: [again(issuer.issuer, root)], controllers: [NotesController] })
    class NotesModule {}

    const { app, url } = await startApp(adapter, { imports: [root, NotesModule] });
    running.push(app);
    return { issuer, url };
  }

  const forRoot = (issuer: string, isGlobal?: boolean): DynamicModule =>
    AuthModule.forRoot({ oidc: { issuer, clientId: 'nmp-cli' }, ...(isGlobal === undefined ? {} : { isGlobal }) });

  it.each<[string, Parameters<typeof start>[0], Parameters<typeof start>[1]]>([
    ['as it is by a feature module', (issuer) => forRoot(issuer), () => AuthModule],
    ['with the same options object again', (issuer) => forRoot(issuer), (_issuer, first) => first],
    ['without being global, where it is needed', (issuer) => forRoot(issuer, false), (_issuer, first) => first],
  ])('%s, guards once', async (_how, first, again) => {
    const { issuer, url } = await start(first, again);
    const token = await issuer.accessToken({ subject: 'user-1' });
    const answer = await fetch(`${url}/notes`, { headers: { authorization: `Bearer ${token}` } });
    expect([answer.status, await answer.json()]).toEqual([200, { id: 'user-1', isKnown: true, enabled: true }]);
    expect((await fetch(`${url}/notes`)).status).toBe(401);
    expect((await fetch(`${url}/apis/auth/discovery`)).status).toBe(200);
  });

  it('with options a second time, does not start', async () => {
    const twice = start(
      (issuer) => forRoot(issuer),
      (issuer) => forRoot(issuer),
    );
    await expect(twice).rejects.toThrow(/AuthModule\.forRoot\(\) is imported more than once: import it in the root/);
  });

  it('with options nowhere, does not start', async () => {
    const bare = start(
      () => AuthModule,
      () => AuthModule,
    );
    await expect(bare).rejects.toThrow(/AuthModule is imported without options: import AuthModule\.forRoot/);
  });
});
