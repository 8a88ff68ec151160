/** The part of Nest's `ModuleRef` that is asked. */
interface Providers {
  get(token: unknown, options: { strict: false }): unknown;
}

/** A provider of the application, whichever module has it; `undefined` where none has. */
export function foundProvider<T>(providers: object, token: abstract new (...given: never[]) => T): T | undefined {
  try {
    return (providers as Providers).get(token, { strict: false }) as T; // Nest made it of this class
  } catch {
    return undefined; // Nest's only way to say that there is none
  }
}
