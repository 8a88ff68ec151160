import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiResponse } from '@nestjs/swagger';

/** The body of every error, for the API description. */
export class ErrorResponse {
  @ApiProperty({ example: 403 })
  readonly statusCode!: number;

  @ApiProperty({ example: 'Forbidden' })
  readonly error!: string;

  @ApiProperty({ description: 'Stable name of the failure', example: 'access_denied' })
  readonly code!: string;

  @ApiProperty({ description: 'A sentence for people', example: 'Forbidden' })
  readonly detail!: string;
}

/** Describes errors of a route; those of guards are described by what the guards go by. */
export function ApiErrors(descriptions: Readonly<Record<number, string>>): MethodDecorator {
  const responses = Object.entries(descriptions).map(([status, description]) =>
    ApiResponse({ status: Number(status), description, type: ErrorResponse }),
  );
  return applyDecorators(...responses);
}
