import { Reflector } from '@nestjs/core';

/** The body of the request is of no interest, whatever it is: it is not read. */
export const WithoutBody = Reflector.createDecorator<true>({ transform: () => true });
