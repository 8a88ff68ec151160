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

/** Describes the errors of a guarded route: those of every one, and its own. */
export function ApiErrors(own: Readonly<Record<number, string>> = {}): MethodDecorator {
  const descriptions: Record<number, string> = {
    401: 'No access token, or one that is not accepted',
    503: 'The identity provider cannot be reached',
    ...own,
  };
  const responses = Object.entries(descriptions).map(([status, description]) =>
    ApiResponse({ status: Number(status), description, type: ErrorResponse }),
  );
  return applyDecorators(...responses);
}
