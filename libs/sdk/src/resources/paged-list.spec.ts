import { describe, expect, it } from '@jest/globals';
import { UnexpectedAnswerError } from '../errors.js';
import type { Page } from './paged-list.js';
import { PagedList } from './paged-list.js';

describe('PagedList', () => {
  const page = (data: number[], number: number, total: number): Page<number> => ({
    data,
    pagination: {
      page: number,
      page_size: 1,
      total_results: total,
      total_pages: total,
      current_page_size: data.length,
    },
  });

  it('reads as many pages as there are', async () => {
    const list = new PagedList((number) => Promise.resolve(page([number], number, 3)));
    await expect(list.toArray()).resolves.toEqual([1, 2, 3]);
  });

  it('ends at an empty page, whatever number was announced', async () => {
    const list = new PagedList((number) => Promise.resolve(page(number > 2 ? [] : [number], number, 9e15)));
    await expect(list.toArray()).resolves.toEqual([1, 2]);
  });

  it('does not read a list without an end', async () => {
    let pages = 0;
    const list = new PagedList((number) => {
      pages = number;
      return pages > 20_000 ? Promise.reject(new Error('on and on')) : Promise.resolve(page([number], number, 9e15));
    });
    await expect(list.toArray()).rejects.toThrow(UnexpectedAnswerError);
    expect(pages).toBe(10_000);
  });
});
