import { AccessModule } from '@app/access';
import { Module } from '@nestjs/common';
import { OrdersController } from './orders.controller';

@Module({ imports: [AccessModule], controllers: [OrdersController] })
export class OrdersModule {}
