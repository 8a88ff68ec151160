import { describe, expect, it } from '@jest/globals';
import { parseListQuery } from './list-query.js';

const rules = {
  sortFields: ['created_at', 'name'],
  defaultSort: '-created_at',
  filterFields: ['name', 'created_by'],
  defaultPageSize: 100,
  maxPageSize: 1000,
};

describe('parseListQuery', () => {
  it('has defaults', () => {
    expect(parseListQuery({}, rules)).toEqual({ query: { page: 1, pageSize: 100, sort: '-created_at', filter: {} } });
  });

  it('reads page, size, sort and filter, and leaves other parameters alone', () => {
    const parameters = {
      page: '3',
      page_size: '1000',
      sort: 'name',
      'filter[name]': 'a',
      'filter[created_by]': '',
      wait: 'x',
    };
    expect(parseListQuery(parameters, rules)).toEqual({
      query: { page: 3, pageSize: 1000, sort: 'name', filter: { name: 'a', created_by: '' } },
    });
  });

  it.each<[string, unknown, string]>([
    ['page', '0', 'page must be a whole number between 1 and 1000000'],
    ['page', '1e3', 'page must be a whole number between 1 and 1000000'],
    ['page', '99999999999999999999', 'page must be a whole number between 1 and 1000000'],
    ['page', ['1', '2'], 'page must be a whole number between 1 and 1000000'],
    ['page_size', '1001', 'page_size must be a whole number between 1 and 1000'],
    ['page_size', '-1', 'page_size must be a whole number between 1 and 1000'],
    ['page_size', "1'; drop table workspaces; --", 'page_size must be a whole number between 1 and 1000'],
    [
      'sort',
      'name; drop table workspaces',
      'sort must be one of created_at, name, with - in front for descending order',
    ],
    ['sort', '--name', 'sort must be one of created_at, name, with - in front for descending order'],
    ['sort', '', 'sort must be one of created_at, name, with - in front for descending order'],
    ['sort', 'constructor', 'sort must be one of created_at, name, with - in front for descending order'],
    ['filter', '{"name":"a"}', 'filter must have the form filter[name|created_by]=value'],
    ['filter[id]', 'x', 'filter must have the form filter[name|created_by]=value'],
    ['filter[name]', ['a', 'b'], 'filter[name] must be one text of at most 1000 characters'],
    ['filter[name]', 'a\0', 'filter[name] must be one text of at most 1000 characters'],
    ['filter[name]', 'x'.repeat(1001), 'filter[name] must be one text of at most 1000 characters'],
  ])('refuses %s=%j', (name, value, problem) => {
    expect(parseListQuery({ [name]: value }, rules)).toEqual({ problems: [problem] });
  });

  it('says everything that is wrong at once', () => {
    expect(parseListQuery({ page: 'x', sort: 'x' }, rules)).toMatchObject({
      problems: [/page/, /sort/].map((part) => expect.stringMatching(part)),
    });
  });
});
