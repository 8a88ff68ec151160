import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, MessagePattern, type MicroserviceOptions, Payload } from '@nestjs/microservices';
import { AuthModule, type AuthModuleOptions, Principal, RequireScopes } from '@nmp/auth';

/** A message as a handler got it. */
export interface Arrival {
  readonly pattern: string;
  readonly data: unknown;
  /** The transport's. */
  readonly context: object;
  readonly principal: Principal;
}

/** A microservice behind a broker. */
export interface MessagesService {
  /** In the order they came; a test that looks at them empties the list first. */
  readonly arrivals: Arrival[];
  close(): Promise<void>;
}

/** What the service listens to. */
export const patterns = { whoami: 'models.whoami', train: 'models.train', trained: 'models.trained' };

/** Starts a microservice whose module for authentication has these options. */
export async function startMessagesService(
  transport: MicroserviceOptions,
  options: AuthModuleOptions,
): Promise<MessagesService> {
  const arrivals: Arrival[] = [];
  const answer = (arrival: Arrival) => {
    arrivals.push(arrival);
    const { kind, id, email, groups, scopes, issuer } = arrival.principal;
    return { data: arrival.data, caller: { kind, id, email, groups, scopes, issuer } };
  };

  @Controller()
  class ModelsController {
    @MessagePattern(patterns.whoami)
    whoami(@Payload() data: unknown, @Ctx() context: object, @Principal() principal: Principal) {
      return answer({ pattern: patterns.whoami, data, context, principal });
    }

    @RequireScopes('models:write')
    @MessagePattern(patterns.train)
    train(@Payload() data: unknown, @Ctx() context: object, @Principal() principal: Principal) {
      return answer({ pattern: patterns.train, data, context, principal });
    }

    @EventPattern([patterns.trained])
    trained(@Payload() data: unknown, @Ctx() context: object, @Principal() principal: Principal) {
      answer({ pattern: patterns.trained, data, context, principal });
    }
  }

  @Module({ imports: [AuthModule.forRoot(options)], controllers: [ModelsController] })
  class ModelsModule {}

  const app = await NestFactory.createMicroservice<MicroserviceOptions>(ModelsModule, { ...transport, logger: false });
  await app.listen();
  return { arrivals, close: () => app.close() };
}
