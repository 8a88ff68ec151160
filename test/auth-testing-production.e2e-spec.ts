import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  asPrincipal,
  authTestingConfig,
  authTestingModule,
  ProofKey,
  SigningKey,
  StaticPolicyDecisionPoint,
  TestIssuer,
} from '@nmp/auth/testing';

const root = join(import.meta.dirname, '..');
const refusal = '@nmp/auth/testing makes tokens that an application believes, and NODE_ENV is production';

describe('the test kit in production', () => {
  const programs = {
    import: ['--input-type=module', '--eval', "await import('@nmp/auth/testing'); console.log('there');"],
    require: ['--input-type=commonjs', '--eval', "require('@nmp/auth/testing'); console.log('there');"],
  };

  const run = (program: readonly string[], environment: string) => {
    const env = { ...process.env, NODE_ENV: environment, NODE_OPTIONS: '' };
    return spawnSync(process.execPath, program, { cwd: root, env, encoding: 'utf8' });
  };

  it.each(Object.entries(programs))('ends a program that loads it by %s', (_, program) => {
    const { status, stdout, stderr } = run(program, 'production');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(refusal);
    expect(run(program, 'test')).toMatchObject({ status: 0, stdout: 'there\n' });
  });

  describe('that was loaded before', () => {
    const environment = process.env.NODE_ENV;

    beforeEach(() => {
      process.env.NODE_ENV = 'production';
    });

    afterEach(() => {
      process.env.NODE_ENV = environment;
    });

    it.each<[string, () => unknown]>([
      ['a module', () => authTestingModule()],
      ['an override', () => authTestingConfig()],
      ['a caller', () => asPrincipal()],
      ['decisions', () => new StaticPolicyDecisionPoint({})],
      ['a key at once', () => SigningKey.generateSync()],
      ['a key', () => SigningKey.generate('ES256')],
      ['a key of a client', () => ProofKey.generate()],
      ['an issuer', () => TestIssuer.start({ algorithm: 'ES256' })],
    ])('does not make %s', async (_, make) => {
      await expect((async () => make())()).rejects.toThrow(refusal);
    });
  });
});
