import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { EVENT_SCOPE, eventWays } from './support/event-ways.js';
import { inEnvironment } from './support/explained-app.js';
import { startIssuer } from './support/issuers.js';

const running: { close(): unknown }[] = [];
let lines: string[];

beforeEach(() => {
  lines = [];
  jest.spyOn(Logger.prototype, 'warn').mockImplementation((line: unknown) => void lines.push(String(line)));
});

afterEach(async () => {
  jest.restoreAllMocks();
  for (const part of running.splice(0).toReversed()) await part.close();
});

describe.each(eventWays)('refusals of $name', ({ start }) => {
  it('are explained in development, each in one line', async () => {
    const issuer = await startIssuer();
    const { app, call, client } = await inEnvironment('development', () => start(issuer));
    running.push(issuer, app, ...(client ? [client] : []));
    expect(await call(await issuer.accessToken({ scope: EVENT_SCOPE }))).toBeDefined();
    expect(explained()).toEqual([]);
    await call(undefined);
    await call('garbage');
    await call(await issuer.accessToken({ scope: 'files:read' }));
    expect(explained()).toEqual([
      expect.stringMatching(/^missing_token: .* → /),
      expect.stringMatching(/^token_malformed: .* → /),
      expect.stringMatching(/^insufficient_scope: .* it has "files:read" → /),
    ]);
  });
});

/** Other warnings are of other things. */
function explained(): string[] {
  return lines.filter((line) => line.includes('dist/errors.md#'));
}
