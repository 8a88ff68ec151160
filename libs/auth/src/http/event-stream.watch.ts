import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService, ModulesContainer } from '@nestjs/core';
import { classesOf } from './class-methods.js';
import { watchEventStreams } from './event-streams.js';
import { TokenExpiryInterceptor } from './token-expiry.interceptor.js';

/** Lets no stream of server-sent events outlive the token that it was opened with. */
@Injectable()
export class EventStreamWatch {
  constructor(
    @Inject(DiscoveryService) discovery: DiscoveryService,
    @Inject(ModulesContainer) modules: ModulesContainer,
    @Inject(TokenExpiryInterceptor) interceptor: TokenExpiryInterceptor,
  ) {
    watchEventStreams(classesOf(discovery), TokenExpiryInterceptor);
    for (const module of modules.values()) {
      module.addInjectable({ provide: TokenExpiryInterceptor, useValue: interceptor }, 'interceptor');
    }
  }
}
