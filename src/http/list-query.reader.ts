import { BadRequestException } from '@nestjs/common';
import { errorBody } from './error-body.js';
import { type ListQuery, type ListRules, parseListQuery } from './list-query.js';

/** The page that a request asks for. @throws {BadRequestException} with everything that is wrong with it. */
export function readListQuery(parameters: Readonly<Record<string, unknown>>, rules: ListRules): ListQuery {
  const parsed = parseListQuery(parameters, rules);
  if ('problems' in parsed) throw new BadRequestException(errorBody(400, parsed.problems.join('; ')));
  return parsed.query;
}
