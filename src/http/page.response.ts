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

/** The members of a page beside its `data`. */
export function paginationOf(
  { page, pageSize, sort, filter }: ListQuery,
  currentPageSize: number,
  total: number,
): { pagination: Pagination; sort: string; filter: Record<string, string> } {
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
