import 'reflect-metadata';
import { deepStrictEqual } from 'node:assert';
import { Module, type INestApplication, type ModuleMetadata, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthModule } from '@nmp/auth';
import { type AccessTokenInput, TestIssuer } from '@nmp/auth/testing';

/** What comes of asking for the notes with a token, or without: the answer, or the code of the refusal. */
export type Ask = (url: string, token?: string) => Promise<unknown>;

/** Starts an application that serves notes, and asks for them in every way that matters. */
export async function requireGuarded(
  parts: ModuleMetadata,
  ask: Ask,
  { answer, configure = () => {} }: { answer: unknown; configure?: (app: INestApplication) => void },
): Promise<void> {
  const issuer = await TestIssuer.start();
  const app = await NestFactory.create(moduleOf(issuer.issuer, parts), { logger: ['error'] });
  configure(app);
  try {
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    const askWith = async (input: AccessTokenInput) =>
      ask(url, await issuer.accessToken({ subject: 'alice', ...input }));
    const answers = {
      none: await ask(url),
      expired: await askWith({ expiresInSeconds: -600, scope: 'notes:read' }),
      withoutScope: await askWith({ scope: 'files:read' }),
      good: await askWith({ scope: 'notes:read' }),
    };
    const expected = {
      none: 'missing_token',
      expired: 'token_expired',
      withoutScope: 'insufficient_scope',
      good: answer,
    };
    deepStrictEqual(answers, expected);
  } finally {
    await app.close();
    await issuer.close();
  }
}

function moduleOf(issuer: string, { imports = [], ...parts }: ModuleMetadata): Type {
  @Module({ ...parts, imports: [...imports, AuthModule.forRoot({ oidc: { issuer, clientId: 'nmp-cli' } })] })
  class NotesModule {}
  return NotesModule;
}
