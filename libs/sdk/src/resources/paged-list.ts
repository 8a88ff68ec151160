import type { AnswerShape } from '../answer-shape.js';
import { count, listOf, objectWith } from '../answer-shape.js';
import { UnexpectedAnswerError } from '../errors.js';

const MAX_PAGES = 10_000;

/** One page of a list as the platform gives it. */
export interface Page<T> {
  readonly data: readonly T[];
  readonly pagination: {
    readonly page: number;
    readonly page_size: number;
    readonly total_results: number;
    readonly total_pages: number;
    readonly current_page_size: number;
  };
}

/** One page whose entries are like `entry`. */
export function pageOf(entry: AnswerShape): AnswerShape {
  return objectWith({
    data: listOf(entry),
    pagination: objectWith({
      page: count,
      page_size: count,
      total_results: count,
      total_pages: count,
      current_page_size: count,
    }),
  });
}

/**
 * A list that is fetched page by page, as far as it is read. One without an end is an {@link UnexpectedAnswerError}.
 * @example
 * for await (const workspace of client.workspaces.list()) console.log(workspace.name);
 */
export class PagedList<T> implements AsyncIterable<T> {
  constructor(private readonly fetchPage: (page: number) => Promise<Page<T>>) {}

  /** One page; pages count from 1. */
  page(number: number): Promise<Page<T>> {
    return this.fetchPage(number);
  }

  /** Everything, in one array. */
  async toArray(): Promise<T[]> {
    const items: T[] = [];
    for await (const item of this) items.push(item);
    return items;
  }

  /** Every item of every page; a page is asked for when it is needed. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (let number = 1; number <= MAX_PAGES; number += 1) {
      const page = await this.fetchPage(number);
      yield* page.data;
      if (page.data.length === 0 || number >= page.pagination.total_pages) return;
    }
    throw new UnexpectedAnswerError(
      `The platform's list has no end: ${MAX_PAGES} pages of it came. Check the address, or read single pages`,
    );
  }
}
