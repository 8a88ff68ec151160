import { expect, it } from '@jest/globals';
import { connectSources } from './connect-sources.js';

const issuer = 'https://idp.example.com/realms/a';
const documentUrl = 'https://inside.example.com:8443/realms/a/.well-known/openid-configuration';

it.each<[string | undefined, string[]]>([
  ['https://login.example.com/token', ['https://login.example.com/token']],
  ['https://login.example.com/token?tenant=a#b', ['https://login.example.com/token']],
  ["https://login.example.com/a;script-src 'x',/b", ["https://login.example.com/a%3Bscript-src%20'x'%2C/b"]],
  [undefined, ['https://idp.example.com', 'https://inside.example.com:8443']],
])('lets a page that signs in at %j talk to %j', (tokenUrl, sources) => {
  const endpoints = tokenUrl === undefined ? {} : { tokenUrl };
  expect(connectSources({ issuer, documentUrl }, endpoints)).toEqual(sources);
});
