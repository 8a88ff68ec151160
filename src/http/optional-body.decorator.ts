import { Reflector } from '@nestjs/core';

/** Marks the class of a request body that may be missing as a whole, which is then as if nothing were in it. */
export const OptionalBody = Reflector.createDecorator<true>({ transform: () => true });
