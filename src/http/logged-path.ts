import { withoutQuery } from '@nmp/tokens';
import { writtenText } from '../written-text.js';

const MAX_LENGTH = 2_048;

/** The path of a URL as the log has it: without the query, and without what looks like a token. */
export function loggedPath(url: string): string {
  return writtenText(withoutQuery(url), MAX_LENGTH);
}
