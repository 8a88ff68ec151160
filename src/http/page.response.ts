import type { Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { ListQuery } from './list-query.js';

/** Where a page stands in its list. */
export class Pagination {
  @ApiProperty({ example: 1 })
  readonly page!: number;

  @ApiProperty({ example: 100 })
  readonly page_size!: number;

  @ApiProperty({ description: 'Entries of the page returned', example: 2 })
  readonly current_page_size!: number;

  @ApiProperty({ example: 1 })
  readonly total_pages!: number;

  @ApiProperty({ example: 2 })
  readonly total_results!: number;
}

/** What is answered to a request for a list. */
export interface Page<T> {
  readonly data: T[];
  readonly pagination: Pagination;
  readonly sort: string;
  readonly filter: Record<string, string>;
}

/** Makes the class that describes the pages of a list: `class ProjectPageResponse extends pageOf(ProjectResponse, '-created_at') {}`. */
export function pageOf<T>(entry: Type<T>, sort: string): Type<Page<T>> {
  class PageResponse implements Page<T> {
    @ApiProperty({ type: [entry] })
    readonly data!: T[];

    @ApiProperty({ type: Pagination })
    readonly pagination!: Pagination;

    @ApiProperty({ example: sort })
    readonly sort!: string;

    @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
    readonly filter!: Record<string, string>;
  }
  return PageResponse;
}

/** The members of a page beside its `data`. */
export function paginationOf(
  { page, pageSize, sort, filter }: ListQuery,
  currentPageSize: number,
  total: number,
): Omit<Page<unknown>, 'data'> {
  return {
    pagination: {
      page,
      page_size: pageSize,
      current_page_size: currentPageSize,
      total_pages: Math.ceil(total / pageSize),
      total_results: total,
    },
    sort,
    filter: { ...filter },
  };
}
