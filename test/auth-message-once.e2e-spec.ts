import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Global, type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, MessagePattern } from '@nestjs/microservices';
import { AuthModule, PolicyDecisionPoint, Public, RequirePermissions, RequireScopes } from '@nmp/auth';
import { StaticPolicyDecisionPoint, type TestIssuer } from '@nmp/auth/testing';
import { startApp } from './support/http-apps.js';
import { startIssuer } from './support/issuers.js';
import { connectTcp, type MessageSender, senderTo, tcpOptions } from './support/message-apps.js';

const handled: string[] = [];
const decisions = new StaticPolicyDecisionPoint({ 'alice@example.com': { system: ['models.list'] } });

@Controller()
@RequirePermissions('models.list')
class ModelsController {
  @MessagePattern('list')
  list() {
    return 'in';
  }

  @EventPattern(['changed'])
  changed() {
    handled.push('models');
  }
}

@Controller()
@RequireScopes('audit:write')
class AuditController {
  @RequirePermissions('audit.write')
  @EventPattern(['changed'])
  changed() {
    handled.push('audit');
  }
}

@Controller()
class LastController {
  @Public()
  @EventPattern(['changed'])
  changed() {
    handled.push('last');
  }
}

@Global()
@Module({
  providers: [{ provide: PolicyDecisionPoint, useValue: decisions }],
  exports: [PolicyDecisionPoint],
})
class DecisionsModule {}

describe('the guards of a message', () => {
  const running: { close(): unknown }[] = [];

  afterEach(async () => {
    for (const part of running.splice(0).toReversed()) await part.close();
    decisions.queries.length = 0;
    handled.length = 0;
  });

  const partsOf = (issuer: TestIssuer) => ({
    imports: [DecisionsModule, AuthModule.forRoot({ oidc: { issuer: issuer.issuer, clientId: 'nmp-cli' } })],
    controllers: [ModelsController, AuditController, LastController],
  });

  const kinds: [string, (issuer: TestIssuer) => Promise<MessageSender>][] = [
    ['a microservice alone', alone],
    ['a hybrid application that shares its guards', (issuer) => hybrid(issuer, true)],
    ['a hybrid application that does not', (issuer) => hybrid(issuer, false)],
  ];

  it.each(kinds)('N09: ask for a permission once in %s', async (_name, start) => {
    const issuer = await startIssuer();
    running.push(issuer);
    const sender = await start(issuer);
    expect(await sender.ask('list', await issuer.accessToken({ email: 'alice@example.com' }))).toEqual({ value: 'in' });
    expect(decisions.queries).toHaveLength(1);
  });

  it.each(kinds)('ask for each handler of an event in %s', async (_name, start) => {
    const issuer = await startIssuer();
    running.push(issuer);
    const sender = await start(issuer);
    const token = await issuer.accessToken({ email: 'alice@example.com' });
    await sender.ask('list', token); // a token that is remembered passes at once, before the next handler is asked for
    await sender.emit('changed', token);
    await sender.ask('list', token); // on the same connection: answered after the event
    expect(handled.toSorted()).toEqual(['last', 'models']);
  });

  async function alone(issuer: TestIssuer): Promise<MessageSender> {
    @Module(partsOf(issuer))
    class AloneModule {}
    const app: INestMicroservice = await NestFactory.createMicroservice(AloneModule, {
      ...tcpOptions(),
      logger: false,
    });
    await app.listen();
    running.push(app);
    return keep(senderTo(app));
  }

  async function hybrid(issuer: TestIssuer, inheritAppConfig: boolean): Promise<MessageSender> {
    const { app } = await startApp('fastify', partsOf(issuer));
    running.push(app);
    return keep(await connectTcp(app, { inheritAppConfig }));
  }

  function keep(sender: MessageSender): MessageSender {
    running.push(sender);
    return sender;
  }
});
