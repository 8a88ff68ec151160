import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { Ctx, GrpcMethod, MessagePattern, Payload } from '@nestjs/microservices';
import { AuthModule, type AuthModuleOptions, Principal, Public } from '@nmp/auth';
import { bearer, grpcOptions, modelsClient } from './support/grpc-apps.js';
import { startApp } from './support/http-apps.js';
import { startIssuer } from './support/issuers.js';
import { connectTcp } from './support/message-apps.js';

interface HeadersOfGrpc {
  getMap(): Record<string, unknown>;
}

@Controller()
class IdentityController {
  @MessagePattern('who')
  who(@Payload() data: unknown, @Ctx() context: { getMetadata(): unknown }, @Principal('id') id: string) {
    return { id, data, metadata: context.getMetadata() ?? 'none' };
  }

  @Public()
  @MessagePattern('open')
  open(@Ctx() context: { getMetadata(): unknown }) {
    return context.getMetadata() ?? 'none';
  }

  @GrpcMethod('Models')
  get(@Payload() _model: unknown, @Ctx() metadata: HeadersOfGrpc, @Principal('id') owner: string) {
    return {
      name: Object.keys(metadata.getMap())
        .filter((name) => name.startsWith('x-'))
        .join(),
      owner,
    };
  }
}

const secretHeader = 'X-Gateway-Secret';
const secret = 'a secret of the gateway';
const alice = { 'X-NMP-Principal-Id': 'alice' };

describe('identity headers of messages', () => {
  const running: { close(): unknown }[] = [];

  afterEach(async () => {
    for (const part of running.splice(0).toReversed()) await part.close();
  });

  const start = async (trustedHeaders: AuthModuleOptions['trustedHeaders']) => {
    const [issuer, options] = await Promise.all([startIssuer(), grpcOptions()]);
    running.push(issuer);
    const oidc = { issuer: issuer.issuer, clientId: 'nmp-cli' };
    const { app } = await startApp('express', {
      imports: [AuthModule.forRoot({ oidc, ...(trustedHeaders && { trustedHeaders }) })],
      controllers: [IdentityController],
      configure: (built) => void built.connectMicroservice(options),
    });
    const sender = await connectTcp(app);
    const models = modelsClient(options);
    running.push(app, sender, models);
    return { issuer, sender, models };
  };

  /** Over TCP in the metadata of the packet, which Nest's clients have for it. */
  const askBeside = async ({ sender }: Awaited<ReturnType<typeof start>>, headers: object, pattern = 'who') => {
    sender.client.setOnDispatchHook((packet) => void Object.assign(packet, { metadata: headers }));
    return sender.askPlainly(pattern, {});
  };

  it('are not believed, and not shown to the handler, where no gateway is trusted', async () => {
    const started = await start(undefined);
    const token = await started.issuer.accessToken({ subject: 'bob' });
    expect(await started.sender.ask('who', undefined, {}, alice)).toMatchObject({ code: 'missing_token' });
    expect(await askBeside(started, alice)).toMatchObject({ code: 'missing_token' });
    expect(await started.models.call('get', alice)).toMatchObject({ code: 'missing_token' });
    const authorization = `Bearer ${token}`;
    expect(await askBeside(started, { ...alice, authorization })).toEqual({
      value: { id: 'bob', data: {}, metadata: { authorization } },
    });
    expect(await started.models.call('get', { ...alice, ...bearer(token) })).toEqual({
      models: [{ name: '', owner: 'bob' }],
    });
    expect(await askBeside(started, alice, 'open')).toEqual({ value: {} });
  });

  it('are believed of a peer with a trusted address', async () => {
    const started = await start({ cidrs: ['127.0.0.0/8'] });
    expect(await askBeside(started, alice)).toEqual({ value: { id: 'alice', data: {}, metadata: {} } });
    expect(await started.models.call('get', alice)).toEqual({ models: [{ name: '', owner: 'alice' }] });
  });

  it('are not believed of a peer with another address', async () => {
    const started = await start({ cidrs: ['10.0.0.0/8'] });
    expect(await askBeside(started, alice)).toMatchObject({ code: 'missing_token' });
    expect(await started.models.call('get', alice)).toMatchObject({ code: 'missing_token' });
  });

  it('are not believed of a trusted address where they are among the data, which it may only pass on', async () => {
    const { sender } = await start({ cidrs: ['127.0.0.0/8'] });
    expect(await sender.ask('who', undefined, {}, alice)).toMatchObject({ code: 'missing_token' });
  });

  it('are believed with the secret, in an envelope as well, and the handler does not see it', async () => {
    const started = await start({ secretHeader, secret });
    const { sender, models } = started;
    const proven = { ...alice, [secretHeader]: secret };
    expect(await sender.ask('who', undefined, {}, proven)).toEqual({
      value: { id: 'alice', data: {}, metadata: 'none' },
    });
    expect(await models.call('get', proven)).toEqual({ models: [{ name: '', owner: 'alice' }] });
    expect(await sender.ask('who', undefined, {}, { ...alice, [secretHeader]: 'another' })).toMatchObject({
      code: 'missing_token',
    });
    expect(await askBeside(started, proven)).toEqual({ value: { id: 'alice', data: {}, metadata: {} } });
  });

  it('are refused in two spellings', async () => {
    const { sender } = await start({ secretHeader, secret });
    const twice = { ...alice, x_nmp_principal_id: 'bob', [secretHeader]: secret };
    expect(await sender.ask('who', undefined, {}, twice)).toMatchObject({ code: 'malformed_request' });
  });
});
