import { describe, expect, it } from '@jest/globals';
import type { Settings } from './file-settings.js';
import { type MessagingConfig, messagingConfigOf } from './messaging-config.js';

describe('messagingConfigOf', () => {
  const read = (settings?: Settings): { config: MessagingConfig; problems: string[] } => {
    const problems: string[] = [];
    return { config: messagingConfigOf(settings, '127.0.0.1', problems), problems };
  };

  it('is nothing where nothing is set', () => {
    expect(read()).toEqual({ config: {}, problems: [] });
  });

  it('fills in the queue and the host', () => {
    const { config, problems } = read({ nats: { servers: ['nats://nats.example.com:4222'] }, grpc: { port: 8082 } });
    expect(problems).toEqual([]);
    expect(config.nats).toMatchObject({ servers: ['nats://nats.example.com:4222'], queue: 'nmp-platform' });
    expect(config.grpc).toEqual({ host: '127.0.0.1', port: 8082 });
  });

  it.each<[Settings, string]>([
    [{ nats: {} }, 'messaging.nats.servers must name a server'],
    [{ nats: { servers: ['http://nats.example.com'] } }, 'messaging.nats.servers must be addresses'],
    [{ nats: { servers: ['nats://user:password@nats.example.com'] } }, 'messaging.nats.servers must be addresses'],
    [{ nats: { servers: ['nats://n'], queue: 'a b' } }, 'messaging.nats.queue must be a name'],
    [{ nats: { servers: ['nats://n'], user: 'a' } }, 'messaging.nats.user and messaging.nats.password'],
    [{ nats: { servers: ['nats://n'], user: 'a', password: 'b', token: 'c' } }, 'messaging.nats.token must not be set'],
    [{ grpc: {} }, 'messaging.grpc.port must be between'],
    [{ grpc: { port: 70_000 } }, 'messaging.grpc.port must be between'],
    [{ grpc: { port: 1, tls: { cert_file: 'x' } } }, 'messaging.grpc.tls must have cert_file and key_file'],
  ])('refuses %j', (settings, problem) => {
    expect(read(settings).problems).toEqual([expect.stringContaining(problem)]);
  });
});
