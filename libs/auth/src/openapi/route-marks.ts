import { methodsOf } from '../http/class-methods.js';
import type { ApiOperation, SecurityRequirement } from './api-document.js';

// What `@ApiSecurity()` of `@nestjs/swagger` writes on classes and methods; the package does not export the name.
const securityKey = 'swagger/apiSecurity';
const MARK = 'nmp-route-';

/** Where an operation of a document comes from. */
export interface MarkedRoute {
  readonly controller: object;
  readonly handler: object;
  /** What the route's own `@ApiSecurity()` and the like say. */
  readonly declared: readonly SecurityRequirement[];
}

/**
 * Tells which class and which method each operation of a document comes from: while the document is made, all of them
 * bear a mark where it takes the security of operations from. Names would not do: classes share them, and inherit methods.
 */
export class RouteMarks {
  private readonly targets: readonly object[];

  constructor(private readonly controllers: readonly object[]) {
    this.targets = [...new Set([...controllers, ...controllers.flatMap(methodsOf)])];
  }

  /** Makes a document whose operations {@link routeOf} knows. */
  during<Document>(create: () => Document): Document {
    const before = this.targets.map((target) => ({
      target,
      own: Reflect.getOwnMetadata(securityKey, target) as SecurityRequirement[] | undefined, // as the decorators write it
      all: (Reflect.getMetadata(securityKey, target) ?? []) as SecurityRequirement[], // what a class inherits counts
    }));
    for (const [at, { target, all }] of before.entries()) {
      Reflect.defineMetadata(securityKey, [...all, { [`${MARK}${at}`]: [] }], target);
    }
    try {
      return create();
    } finally {
      for (const { target, own } of before) {
        if (own === undefined) Reflect.deleteMetadata(securityKey, target);
        else Reflect.defineMetadata(securityKey, own, target);
      }
    }
  }

  /** `undefined` for an operation that no controller of the application has. */
  routeOf({ security = [] }: ApiOperation): MarkedRoute | undefined {
    const marked = security.flatMap((entry) => this.targetOf(entry) ?? []);
    const controller = marked.find((target) => this.controllers.includes(target));
    const handler = marked.find((target) => target !== controller);
    if (controller === undefined || handler === undefined) return undefined;
    return { controller, handler, declared: security.filter((entry) => this.targetOf(entry) === undefined) };
  }

  private targetOf(entry: SecurityRequirement): object | undefined {
    const [name = ''] = Object.keys(entry);
    return name.startsWith(MARK) ? this.targets[Number(name.slice(MARK.length))] : undefined;
  }
}
