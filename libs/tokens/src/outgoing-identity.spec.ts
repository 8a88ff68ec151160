import { describe, expect, it } from '@jest/globals';
import { identityFetch, setIdentityHeaders } from './outgoing-identity.js';
import { anonymousPrincipal, type Principal } from './principal.js';

const onBehalfOf = { id: 'user-2', groups: [] };
const principal: Principal = {
  ...anonymousPrincipal,
  kind: 'service',
  id: 'service:gateway',
  groups: ['g'],
  onBehalfOf,
};
const written = {
  'x-nmp-principal-id': 'service:gateway',
  'x-nmp-principal-groups': 'g',
  'x-nmp-principal-on-behalf-of': 'user-2',
};

describe('identityFetch', () => {
  const sent = async (who: Principal, input: string | Request, init?: RequestInit): Promise<Record<string, string>> => {
    let headers = new Headers();
    const base = async (_input: unknown, given?: RequestInit): Promise<Response> => {
      headers = new Headers(given?.headers);
      return new Response();
    };
    await identityFetch(who, base)(input, init);
    return Object.fromEntries(headers);
  };

  it('names the principal beside the headers of the call', async () => {
    const init = { headers: { accept: 'text/plain' } };
    expect(await sent(principal, 'http://127.0.0.1', init)).toEqual({ accept: 'text/plain', ...written });
    const request = new Request('http://127.0.0.1', init);
    expect(await sent(principal, request)).toMatchObject({ accept: 'text/plain', ...written });
  });

  it('sends nothing on that came in under another name', async () => {
    const init = { headers: { 'X-NMP-Principal-Email': 'admin@example.com', 'X-NMP-Scopes': 'platform:write' } };
    expect(await sent(principal, 'http://127.0.0.1', init)).toEqual(written);
    expect(await sent(anonymousPrincipal, 'http://127.0.0.1', init)).toEqual({});
  });
});

describe('setIdentityHeaders', () => {
  it("writes into headers of axios's kind", () => {
    const held = new Map([
      ['x-nmp-principal-id', 'admin'],
      ['accept', '*/*'],
    ]);
    const headers = {
      set: (name: string, value: string) => void held.set(name.toLowerCase(), value),
      delete: (name: string) => held.delete(name),
      toJSON: () => Object.fromEntries(held),
    };
    setIdentityHeaders(headers, principal);
    expect(Object.fromEntries(held)).toEqual({ accept: '*/*', ...written });
  });
});
