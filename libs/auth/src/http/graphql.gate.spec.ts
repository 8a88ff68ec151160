import { describe, expect, it } from '@jest/globals';
import 'reflect-metadata';
import type { DiscoveryService, ExternalContextCreator, ModulesContainer } from '@nestjs/core';
import type { AuthConfig } from '../auth-config.js';
import type { ConnectionGuard } from './connection.guard.js';
import type { FieldGuard } from './field.guard.js';
import { GraphqlGate } from './graphql.gate.js';

describe('GraphqlGate', () => {
  class Book {
    price(): void {}
    self(): void {}
    book(): void {}
  }
  Reflect.defineMetadata('graphql:resolve_property', true, Book.prototype.price);
  Reflect.defineMetadata('graphql:resolve_reference', true, Book.prototype.self);

  /** A gate of an application whose GraphQL has built the fields in a way of its own. */
  const gateOf = ({ enabled = true, options = {}, closed = [] as object[] }) => {
    class ResolversExplorerService {
      canUseFastFieldResolver(): boolean {
        return true;
      }
    }
    const explorer = new ResolversExplorerService();
    const providers = new Map<unknown, { instance: unknown }>([
      ['GqlModuleOptions', { instance: options }],
      [ResolversExplorerService, { instance: explorer }],
    ]);
    const wrapper = { metatype: Book, isDependencyTreeStatic: () => true };
    const gate = new GraphqlGate(
      { enabled } as AuthConfig,
      { getProviders: () => [wrapper], getControllers: () => [] } as unknown as DiscoveryService,
      new Map([['module', { providers }]]) as unknown as ModulesContainer,
      {} as ExternalContextCreator,
      { closeFields: () => {}, isClosed: (field: object) => closed.includes(field) } as unknown as FieldGuard,
      {} as ConnectionGuard,
    );
    return { gate, explorer };
  };

  it('has no field called past the guards', () => {
    const { gate, explorer } = gateOf({});
    gate.onModuleInit();
    expect(explorer.canUseFastFieldResolver()).toBe(false);
  });

  it('stops the start, naming each field that no guard stands before and the setting that puts one there', () => {
    const { gate } = gateOf({ closed: [Book.prototype.book] });
    expect(() => gate.onApplicationBootstrap()).toThrow(/Book\.price .*fieldResolverEnhancers: \['guards'\]/);
    expect(() => gate.onApplicationBootstrap()).toThrow(/Book\.self /);
  });

  it.each([
    ['all are guarded', { closed: [Book.prototype.price, Book.prototype.self] }],
    ['authentication is off', { enabled: false }],
    ['only some modules are served', { options: { include: [] } }],
  ])('lets an application start where %s', (_when, parts) => {
    expect(() => gateOf(parts).gate.onApplicationBootstrap()).not.toThrow();
  });
});
