import { AccessModule } from '@app/access';
import { Module } from '@nestjs/common';
import { ReportsController } from './reports.controller';

@Module({ imports: [AccessModule], controllers: [ReportsController] })
export class ReportsModule {}
