import { BadRequestException } from '@nestjs/common';
import { errorBody } from './error-body.js';

/** Reads a parameter of the URL that is true or false. @throws {BadRequestException} for anything else. */
export function parseFlag(name: string, value: unknown, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  if (value === 'true' || value === 'false') return value === 'true';
  throw new BadRequestException(errorBody(400, `${name} must be true or false`));
}
