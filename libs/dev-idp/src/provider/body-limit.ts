import { problemAnswer } from '../interactions/problem-page.js';
import type { Middleware } from './provider-parts.js';

// No form of a client or a page comes near it; the library stops reading here as well.
const maximumBytes = 56 * 1024;

/** Refuses bodies that are too long, and lets the rest of any body run out so that the sender hears the answer. */
export function limitBodies(): Middleware {
  return async (context, next) => {
    try {
      if ((context.request.length ?? 0) <= maximumBytes) return await next();
      const description = `the body is longer than ${maximumBytes} bytes`;
      return await problemAnswer(context, 413, { error: 'invalid_request', error_description: description });
    } finally {
      context.req.resume();
    }
  };
}
