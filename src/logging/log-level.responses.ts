import { ApiProperty } from '@nestjs/swagger';
import { type LogLevel, logLevels } from '../config/log-level.js';

/** How much the instance that answers logs. */
export class LogLevelResponse {
  @ApiProperty({ enum: logLevels, example: 'info' })
  readonly level!: LogLevel;
}
