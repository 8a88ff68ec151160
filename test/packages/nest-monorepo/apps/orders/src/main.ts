import { NestFactory } from '@nestjs/core';
import { OrdersModule } from './orders.module';

async function bootstrap() {
  const app = await NestFactory.create(OrdersModule, { logger: ['error'] });
  await app.listen(0, '127.0.0.1');
  process.stdout.write((await app.getUrl()) + '\n');
}

void bootstrap();
