/** What a route may be called with: all schemes of an entry together, each with the scopes it has to have. */
export type SecurityRequirement = Readonly<Record<string, readonly string[]>>;

/** An OpenAPI document, as `SwaggerModule.createDocument()` makes it. */
export interface ApiDocument {
  readonly paths: object;
  readonly components?: object;
}

/** An operation of a document, as far as signing in is concerned. */
export interface ApiOperation {
  security?: readonly SecurityRequirement[];
  responses?: Record<string, ApiResponse>;
}

/** What an operation answers with one status. */
export interface ApiResponse {
  readonly description?: string;
  readonly headers?: object;
  readonly content?: object;
}

/** Every operation of a document. */
export function operationsOf({ paths }: ApiDocument): ApiOperation[] {
  const items = Object.values(paths) as object[]; // a path item has operations and, at most, lists and texts
  return items.flatMap((item) => Object.values(item) as unknown[]).filter(isOperation);
}

function isOperation(value: unknown): value is ApiOperation {
  return typeof value === 'object' && value !== null && 'responses' in value;
}
