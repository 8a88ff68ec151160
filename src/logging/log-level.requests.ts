import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { type LogLevel, logLevels } from '../config/log-level.js';

/** How much is to be logged. */
export class ChangeLogLevelRequest {
  @ApiProperty({ enum: logLevels, example: 'debug' })
  @IsIn(logLevels, { message: `level must be one of ${logLevels.join(', ')}` })
  readonly level!: LogLevel;
}
