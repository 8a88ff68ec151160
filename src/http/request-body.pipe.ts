import { BadRequestException, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { errorBody } from './error-body.js';

/** Checks request bodies against their classes; an unknown member is a mistake. Every problem is named in the answer. */
export function requestBodyPipe(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    exceptionFactory: (errors) => new BadRequestException(errorBody(400, errors.flatMap(problemsOf).join('; '))),
  });
}

function problemsOf({ property, constraints, children = [] }: ValidationError): string[] {
  const own = Object.entries(constraints ?? {}).map(([name, message]) => {
    if (name === 'whitelistValidation') return `${property} is not a known member`;
    return name === 'unknownValue' ? 'the body must be a JSON object' : message;
  });
  return [...own.slice(0, 1), ...children.flatMap(problemsOf)];
}
