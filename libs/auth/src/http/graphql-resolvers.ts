import { methodsOf } from './class-methods.js';
import { rulesOf } from './route-rules.js';

// What Nest's decorators write on the handlers of queries, mutations and subscriptions, and on those of fields and
// references. The package does not export the names.
const rootKey = 'graphql:resolver_type';
const fieldKeys = ['graphql:resolve_property', 'graphql:resolve_reference'];
// Tells of which type a value is, and nothing of the value.
const TYPE_RESOLVER = '__resolveType';

/** Whether callers without a token have anything to ask for among the resolvers of the given classes. */
export function hasOpenResolver(classes: readonly object[]): boolean {
  return classes.some((type) =>
    methodsOf(type).some(
      (method) => Reflect.hasMetadata(rootKey, method) && rulesOf(method, type).access !== 'required',
    ),
  );
}

/** The handlers of a class that resolve the fields of a type, or references to it. */
export function fieldsOf(type: object): { readonly name: string }[] {
  const methods = methodsOf(type) as { readonly name: string }[]; // functions
  return methods.filter(
    (method) => fieldKeys.some((key) => Reflect.getMetadata(key, method) === true) && method.name !== TYPE_RESOLVER,
  );
}
