import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, ExternalContextCreator, ModulesContainer } from '@nestjs/core';
import { AuthConfigError } from '@nmp/tokens';
import { AuthConfig } from '../auth-config.js';
import { classesOf } from './class-methods.js';
import { ConnectionGuard } from './connection.guard.js';
import { FieldGuard } from './field.guard.js';
import { fieldsOf, hasOpenResolver } from './graphql-resolvers.js';
import { GraphqlServers } from './graphql-servers.js';

/** Closes of GraphQL what Nest's guards do not reach: the fields of types, and connections before their first query. */
@Injectable()
export class GraphqlGate implements OnModuleInit, OnApplicationBootstrap {
  private readonly servers: GraphqlServers;
  private isOpen: boolean | undefined;

  constructor(
    @Inject(AuthConfig) private readonly config: AuthConfig,
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(ModulesContainer) modules: ModulesContainer,
    @Inject(ExternalContextCreator) creator: ExternalContextCreator,
    @Inject(FieldGuard) private readonly fields: FieldGuard,
    @Inject(ConnectionGuard) connections: ConnectionGuard,
  ) {
    this.servers = new GraphqlServers(modules, (options) => connections.close(options, () => this.isAnybodyWelcome()));
    // The GraphQL module may be initialized before this one; the resolvers are made before its server starts.
    fields.closeFields(creator, () => this.servers.close());
  }

  onModuleInit(): void {
    this.servers.close();
  }

  /** @throws {AuthConfigError} naming the fields that no guard stands before, should Nest have built them in another way. */
  onApplicationBootstrap(): void {
    if (!this.config.enabled || !this.servers.serveAll) return;
    const wrappers = this.discovery.getProviders().filter((wrapper) => wrapper.isDependencyTreeStatic());
    const types = wrappers.flatMap(({ metatype }) => (typeof metatype === 'function' ? [metatype] : []));
    const open = types.flatMap((type) =>
      fieldsOf(type)
        .filter((field) => !this.fields.isClosed(field))
        .map((field) => `${type.name}.${field.name}`),
    );
    if (open.length === 0) return;
    throw new AuthConfigError(
      open.map((name) => `${name} is a field without guards: add fieldResolverEnhancers: ['guards'] to GraphQLModule`),
    );
  }

  private isAnybodyWelcome(): boolean {
    return (this.isOpen ??= hasOpenResolver(classesOf(this.discovery)));
  }
}
