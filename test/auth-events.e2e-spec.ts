import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { AuthEvents } from '@nmp/auth';
import { SigningKey, type TestIssuer } from '@nmp/auth/testing';
import { EventRecord } from './support/event-record.js';
import { EVENT_SCOPE, eventWays, startDirect, type StartedWay } from './support/event-ways.js';
import { startIssuer } from './support/issuers.js';

const running: { close(): unknown }[] = [];

afterEach(async () => {
  jest.restoreAllMocks();
  for (const part of running.splice(0).toReversed()) await part.close();
});

async function begin(start: (issuer: TestIssuer) => Promise<StartedWay>) {
  const issuer = await startIssuer();
  running.push(issuer);
  const way = await start(issuer);
  running.push(way.app, ...(way.client ? [way.client] : []));
  const record = new EventRecord(way.app);
  const told = async (token: string | undefined): Promise<string[]> => {
    await way.call(token);
    return record.takeCallers();
  };
  return { issuer, told, record, ...way };
}

/** Signed with a key of the same name that is not the issuer's. */
async function forged(issuer: TestIssuer): Promise<string> {
  const { algorithm, kid } = issuer.signingKey;
  return issuer.accessToken({ key: await SigningKey.generate(algorithm, kid) });
}

describe.each(eventWays)('events of $name', ({ transport, start }) => {
  it('tell once of each caller who is let in, and whether its token was remembered', async () => {
    const { issuer, told } = await begin(start);
    const token = await issuer.accessToken({ scope: EVENT_SCOPE });
    expect(await told(token)).toEqual([`in: access by ${transport}`]);
    expect(await told(token)).toEqual([`in: access by ${transport}, remembered`]);
  });

  it('tell once of each caller who is refused, and why', async () => {
    const { issuer, told, call, record } = await begin(start);
    expect(await told(undefined)).toEqual([`out: missing_token by ${transport}`]);
    expect(await told('garbage')).toEqual([`out: token_malformed by ${transport}`]);
    expect(await told(await issuer.accessToken({ expiresInSeconds: -3600 }))).toEqual([
      `out: token_expired by ${transport}`,
    ]);
    await call(await forged(issuer));
    expect(record.events).toEqual([
      { type: 'refused', code: 'token_signature', reason: 'signature', status: 401, transport },
    ]);
  });

  it('tell of callers who are known, and may not do what they ask for', async () => {
    const { issuer, told } = await begin(start);
    const [known, ...refusals] = await told(await issuer.accessToken({ scope: 'files:read' }));
    expect(known).toBe(`in: access by ${transport}`);
    // Each of the two fields of the query asks for the scope.
    const count = transport === 'graphql' ? 2 : 1;
    expect(refusals).toEqual(Array.from({ length: count }, () => `out: insufficient_scope by ${transport}`));
  });

  it('are made for nobody when nobody listens', async () => {
    const { issuer, call, app, record } = await begin(start);
    record.stop();
    const emit = jest.spyOn(app.get(AuthEvents), 'emit');
    await call(await issuer.accessToken({ scope: EVENT_SCOPE }));
    await call(undefined);
    expect(emit.mock.calls.filter(([{ type }]) => type === 'authenticated' || type === 'refused')).toEqual([]);
  });
});

describe('events', () => {
  it('are told where the strategy is asked directly', async () => {
    const { issuer, told } = await begin(startDirect);
    const token = await issuer.accessToken();
    expect(await told(token)).toEqual(['in: access by direct']);
    expect(await told(token)).toEqual(['in: access by direct, remembered']);
    expect(await told('garbage')).toEqual(['out: token_malformed by direct']);
    expect(await told(undefined)).toEqual(['out: missing_token by direct']);
  });

  it('break no request when a listener fails, and no other listener', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
    const { issuer, app, call, told } = await begin(eventWays[1]!.start);
    app.get(AuthEvents).subscribe(() => {
      throw new Error('the listener is broken');
    });
    const second = new EventRecord(app);
    const token = await issuer.accessToken({ scope: EVENT_SCOPE });
    expect(await call(token)).toMatchObject({ status: 200 });
    expect(second.takeCallers()).toEqual(['in: access by http']);
    expect(await told('garbage')).toContain('out: token_malformed by http');
    const lines = error.mock.calls.map(([line]) => String(line));
    expect(lines).toEqual([expect.stringContaining('A listener of AuthEvents failed at')]);
  });

  it('hold no token', async () => {
    const { issuer, call, record } = await begin(eventWays[1]!.start);
    const tokens = [await issuer.accessToken({ scope: EVENT_SCOPE }), await forged(issuer)];
    for (const token of tokens) await call(token);
    const text = JSON.stringify(record.events);
    expect(text).toContain('token_signature');
    for (const token of tokens) for (const part of token.split('.')) expect(text).not.toContain(part);
  });
});
