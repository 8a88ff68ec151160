import { applyDecorators } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import type { ListRules } from './list-query.js';

/** Describes the parameters of a list. */
export function ApiListQuery(rules: ListRules): MethodDecorator {
  const { sortFields, defaultSort, filterFields, defaultPageSize, maxPageSize } = rules;
  return applyDecorators(
    ApiQuery({ name: 'page', required: false, schema: { type: 'integer', minimum: 1, default: 1 } }),
    ApiQuery({
      name: 'page_size',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: maxPageSize, default: defaultPageSize },
    }),
    ApiQuery({
      name: 'sort',
      required: false,
      schema: { type: 'string', enum: sortFields.flatMap((field) => [field, `-${field}`]), default: defaultSort },
    }),
    ApiQuery({
      name: 'filter',
      required: false,
      style: 'deepObject',
      explode: true,
      description: `Equality, field by field: \`filter[${filterFields[0]}]=…\``,
      schema: {
        type: 'object',
        properties: Object.fromEntries(filterFields.map((field) => [field, { type: 'string' }])),
      },
    }),
  );
}
