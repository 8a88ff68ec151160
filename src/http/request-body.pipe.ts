import { type ArgumentMetadata, BadRequestException, Injectable, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { errorBody } from './error-body.js';
import { OptionalBody } from './optional-body.decorator.js';

const MAX_PROBLEMS = 10;
const MAX_NAME_LENGTH = 64;

/** Checks request bodies against their classes; an unknown member is a mistake. The problems are named in the answer. */
@Injectable()
export class RequestBodyPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      exceptionFactory: (errors) => badBody(listed(errors.flatMap(problemsOf))),
    });
  }

  /** A body that is missing is not an empty object: what is left out of it would be taken for left out on purpose. */
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const body = metadata.type === 'body' && mayBeMissing(metadata) ? (value ?? {}) : value;
    if (metadata.type === 'body' && !isObject(body)) throw badBody('the body must be a JSON object');
    return super.transform(body, metadata);
  }
}

function mayBeMissing({ metatype }: ArgumentMetadata): boolean {
  return metatype !== undefined && Reflect.hasMetadata(OptionalBody.KEY, metatype);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function problemsOf({ property, constraints, children = [] }: ValidationError): string[] {
  const own = Object.entries(constraints ?? {}).map(([name, message]) =>
    name === 'whitelistValidation' ? `${property.slice(0, MAX_NAME_LENGTH)} is not a known member` : message,
  );
  return [...own.slice(0, 1), ...children.flatMap(problemsOf)];
}

function listed(problems: readonly string[]): string {
  const more = problems.length - MAX_PROBLEMS;
  return problems.slice(0, MAX_PROBLEMS).join('; ') + (more > 0 ? `; and ${more} more` : '');
}

function badBody(detail: string): BadRequestException {
  return new BadRequestException(errorBody(400, detail));
}
