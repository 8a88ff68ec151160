import { readFileSync } from 'node:fs';
import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { AuthModule, Principal } from '@nmp/auth';
import { jwkThumbprint } from '@nmp/tokens';
import { startApp } from './support/http-apps.js';
import { startIssuer } from './support/issuers.js';
import { codeBlocks } from './support/markdown-blocks.js';
import { TypescriptBlock } from './support/typescript-block.js';

/** What the block of the guide exports that is a client. */
interface GuideClient {
  readonly publicKey: KeyObject;
  call(url: string, method: string, token: string, nonce?: string): Promise<Response>;
}

@Controller('models')
class ModelsController {
  @Get()
  list(@Principal('id') id: string) {
    return { id };
  }
}

const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'sender-constrained-tokens.md'), 'utf8');
const publicUrl = 'https://models.example.com';

describe('the client of the guide to bound tokens', () => {
  const running: { close(): Promise<unknown> }[] = [];

  afterEach(async () => {
    jest.restoreAllMocks();
    for (const part of running.splice(0)) await part.close();
  });

  it('is let in by the service of the guide, with the nonce that it is told', async () => {
    const text = codeBlocks(page).find((block) => block.text.includes('function call('))?.text ?? '';
    const compiled = TypescriptBlock.compile(text);
    expect(compiled.problems).toEqual([]);
    const { call, publicKey } = (await import(compiled.file)) as GuideClient; // what the block exports
    compiled.remove();
    const issuer = await startIssuer();
    running.push(issuer);
    const oidc = { issuer: issuer.issuer, clientId: 'nmp-cli' };
    const { app, url } = await startApp('fastify', {
      imports: [AuthModule.forRoot({ publicUrl, dpop: { nonce: {} }, oidc })],
      controllers: [ModelsController],
    });
    running.unshift(app);
    const { fetch } = globalThis;
    jest.spyOn(globalThis, 'fetch').mockImplementation((address, init) => {
      const asked = address as string; // that is what the client asks by
      return fetch(asked.startsWith(publicUrl) ? url + asked.slice(publicUrl.length) : asked, init);
    });
    const cnf = { jkt: jwkThumbprint({ ...publicKey.export({ format: 'jwk' }) }) };
    const token = await issuer.accessToken({ claims: { cnf } });
    const asked = await call(`${publicUrl}/models?page=2`, 'GET', token);
    const nonce = asked.headers.get('dpop-nonce') ?? undefined;
    expect([asked.status, nonce]).toEqual([401, expect.any(String)]);
    const answer = await call(`${publicUrl}/models?page=2`, 'GET', token, nonce);
    expect([answer.status, await answer.json()]).toEqual([200, { id: 'user-1' }]);
  });
});
