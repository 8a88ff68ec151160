/** The methods of a class and of those it extends, given its prototype. */
export function methodsOf(prototype: object): object[] {
  const methods: object[] = [];
  let owner: object | null = prototype;
  while (owner !== null && owner !== Object.prototype) {
    for (const { value } of Object.values(Object.getOwnPropertyDescriptors(owner)) as { value?: unknown }[]) {
      if (typeof value === 'function') methods.push(value);
    }
    owner = Object.getPrototypeOf(owner) as object | null;
  }
  return methods;
}

/**
 * The method that was decorated, for what an instance has in its place: a constructor may have bound it, and decorators
 * are not to be seen on the bound function.
 * @returns `undefined` when it cannot be told which method this is.
 */
export function decoratedMethod(handler: object, prototype: object): object | undefined {
  if (methodsOf(prototype).includes(handler)) return handler;
  const name = String((handler as { name?: unknown }).name).replace(/^(bound )+/, '');
  const method = (prototype as Record<string, unknown>)[name];
  return typeof method === 'function' && name !== 'constructor' ? method : undefined;
}
