/** What finds the classes of an application. */
interface ClassDiscovery {
  getControllers(): { readonly metatype: unknown }[];
  getProviders(): { readonly metatype: unknown }[];
}

/** The classes of all controllers and providers of an application. */
export function classesOf(discovery: ClassDiscovery): object[] {
  const all = [...discovery.getControllers(), ...discovery.getProviders()];
  return [...new Set(all.flatMap(({ metatype }) => (typeof metatype === 'function' ? [metatype] : [])))];
}

/** The methods of a class, those it inherits included; none for what is no class. */
export function methodsOf(type: object): object[] {
  return [...namedMethodsOf(type).values()];
}

/**
 * The method that was decorated, for what an instance has in its place: a constructor may have bound it, and decorators
 * are not to be seen on the bound function.
 * @returns `undefined` when it cannot be told which method this is.
 */
export function decoratedMethod(handler: object, type: object): object | undefined {
  const methods = namedMethodsOf(type);
  if ([...methods.values()].includes(handler)) return handler;
  return methods.get(String((handler as { name?: unknown }).name).replace(/^(bound )+/, ''));
}

function namedMethodsOf(type: object): ReadonlyMap<string, object> {
  const methods = new Map<string, object>();
  const { prototype = null } = type as { prototype?: object | null }; // a class or a factory function
  const seen = new Set(['constructor']);
  for (let owner = prototype; owner !== null && owner !== Object.prototype; owner = parentOf(owner)) {
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(owner))) {
      const value: unknown = descriptor.value;
      if (!seen.has(name) && typeof value === 'function') methods.set(name, value);
      seen.add(name); // what a class has itself hides what it inherits
    }
  }
  return methods;
}

function parentOf(prototype: object): object | null {
  return Object.getPrototypeOf(prototype) as object | null;
}
