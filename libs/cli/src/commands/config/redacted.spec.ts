import { describe, expect, it } from '@jest/globals';
import { redacted } from './redacted.js';

const mask = '***REDACTED***';

describe('redacted', () => {
  it.each(['token', 'refresh_token', 'Access_Token', 'CLIENT_SECRET', 'clientSecret', 'API-Key', 'Password', 'apiKey'])(
    'hides what %s names, whatever it is',
    (key) => {
      expect(redacted({ [key]: 'hunter2' })).toEqual({ [key]: mask });
      expect(redacted({ [key]: 12345 })).toEqual({ [key]: mask });
      expect(redacted({ [key]: { value: ['hunter2'] } })).toEqual({ [key]: { value: [mask] } });
    },
  );

  it.each([
    ['https://alice:hunter2@nmp.example.com/x', `https://${mask}@nmp.example.com/x`],
    ['HTTPS://alice@nmp.example.com', `HTTPS://${mask}@nmp.example.com`],
    ['https://alice:p@ss@nmp.example.com', `https://${mask}@nmp.example.com`],
    [
      'https://nmp.example.com/?Access_Token=abc&page=1#id_token=d',
      `https://nmp.example.com/?Access_Token=${mask}&page=1#id_token=${mask}`,
    ],
  ])('hides what an address holds: %s', (url, shown) => {
    expect(redacted({ base_url: url })).toEqual({ base_url: shown });
  });

  it('hides a token under any key', () => {
    const token = `${['{"alg":"none"}', '{"sub":"a"}'].map((part) => Buffer.from(part).toString('base64url')).join('.')}.c2ln`;
    expect(redacted({ note: token })).toEqual({ note: mask });
  });

  it('leaves everything else as it is', () => {
    const settings = {
      base_url: 'http://localhost:8080/path@x?page=1',
      token_endpoint: 'https://idp.example.com/token',
      name: 'alice@example.com',
      expires_at: new Date(0),
      truncate: true,
      token: '',
      refresh_token: null,
    };
    expect(redacted(settings)).toEqual(settings);
  });
});
