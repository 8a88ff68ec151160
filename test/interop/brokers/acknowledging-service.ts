import 'reflect-metadata';
import { type ArgumentsHost, Catch, Controller, type ExceptionFilter, Module, UseFilters } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, MessagePattern, type MicroserviceOptions, RpcException } from '@nestjs/microservices';
import { AuthModule, type AuthModuleOptions, Principal } from '@nmp/auth';
import { type Observable, throwError } from 'rxjs';

/** The part of a channel of amqplib's that is used. */
interface Channel {
  ack(message: object): void;
  nack(message: object, allUpTo: boolean, requeue: boolean): void;
}

/** The part of a context of RabbitMQ's that is used. */
interface Delivery {
  getChannelRef(): Channel;
  getMessage(): object;
}

/** Settles what was refused: no handler will, and RabbitMQ hands out only so many messages that are not settled. */
@Catch(RpcException)
class SettleRefused implements ExceptionFilter {
  catch(error: RpcException, host: ArgumentsHost): Observable<never> {
    const context = host.switchToRpc().getContext<Delivery>();
    context.getChannelRef().nack(context.getMessage(), false, false);
    return throwError(() => error.getError());
  }
}

/** Starts a microservice of RabbitMQ that acknowledges messages itself. */
export async function startAcknowledgingService(
  transport: MicroserviceOptions,
  pattern: string,
  options: AuthModuleOptions,
): Promise<{ close(): Promise<void> }> {
  @UseFilters(SettleRefused)
  @Controller()
  class ModelsController {
    @MessagePattern(pattern)
    whoami(@Principal('id') id: string, @Ctx() context: Delivery) {
      context.getChannelRef().ack(context.getMessage());
      return { caller: { id } };
    }
  }

  @Module({ imports: [AuthModule.forRoot(options)], controllers: [ModelsController] })
  class ModelsModule {}

  const app = await NestFactory.createMicroservice<MicroserviceOptions>(ModelsModule, { ...transport, logger: false });
  await app.listen();
  return { close: () => app.close() };
}
