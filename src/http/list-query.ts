/** A page of a list, as it was asked for. */
export interface ListQuery {
  readonly page: number;
  readonly pageSize: number;
  /** A field's name, with `-` in front for descending order. */
  readonly sort: string;
  /** Field by field, the value it must equal. */
  readonly filter: Readonly<Record<string, string>>;
}

/** What a list can be sorted and filtered by. */
export interface ListRules {
  readonly sortFields: readonly string[];
  readonly defaultSort: string;
  readonly filterFields: readonly string[];
  readonly defaultPageSize: number;
  readonly maxPageSize: number;
}

const MAX_PAGE = 1_000_000;
const MAX_FILTER_LENGTH = 1_000;

/**
 * Reads `page`, `page_size`, `sort` and `filter[field]=value`; other parameters are left alone.
 * @returns the query, or everything that is wrong with it
 */
export function parseListQuery(
  parameters: Readonly<Record<string, unknown>>,
  rules: ListRules,
): { query: ListQuery } | { problems: string[] } {
  const problems: string[] = [];
  const query: ListQuery = {
    page: parseInteger('page', parameters.page, { fallback: 1, max: MAX_PAGE }, problems),
    pageSize: parseInteger(
      'page_size',
      parameters.page_size,
      { fallback: rules.defaultPageSize, max: rules.maxPageSize },
      problems,
    ),
    sort: parseSort(parameters.sort, rules, problems),
    filter: parseFilter(parameters, rules, problems),
  };
  return problems.length > 0 ? { problems } : { query };
}

function parseInteger(
  name: string,
  value: unknown,
  { fallback, max }: { fallback: number; max: number },
  problems: string[],
): number {
  if (value === undefined) return fallback;
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= 1 && number <= max) return number;
  problems.push(`${name} must be a whole number between 1 and ${max}`);
  return fallback;
}

function parseSort(value: unknown, { sortFields, defaultSort }: ListRules, problems: string[]): string {
  if (value === undefined) return defaultSort;
  if (typeof value === 'string' && sortFields.includes(value.replace(/^-/, ''))) return value;
  problems.push(`sort must be one of ${sortFields.join(', ')}, with - in front for descending order`);
  return defaultSort;
}

function parseFilter(
  parameters: Readonly<Record<string, unknown>>,
  { filterFields }: ListRules,
  problems: string[],
): Record<string, string> {
  const filter: Record<string, string> = {};
  for (const [name, value] of Object.entries(parameters)) {
    if (name !== 'filter' && !name.startsWith('filter[')) continue;
    const field = filterFields.find((known) => name === `filter[${known}]`);
    if (field === undefined) problems.push(`filter must have the form filter[${filterFields.join('|')}]=value`);
    else if (typeof value !== 'string' || value.length > MAX_FILTER_LENGTH || value.includes('\0'))
      problems.push(`filter[${field}] must be one text of at most ${MAX_FILTER_LENGTH} characters`);
    else filter[field] = value;
  }
  return filter;
}
