import { NestFactory } from '@nestjs/core';
import { ReportsModule } from './reports.module';

async function bootstrap() {
  const app = await NestFactory.create(ReportsModule, { logger: ['error'] });
  await app.listen(0, '127.0.0.1');
  process.stdout.write((await app.getUrl()) + '\n');
}

void bootstrap();
