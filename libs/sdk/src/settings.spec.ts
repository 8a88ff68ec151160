import { describe, expect, it } from '@jest/globals';
import { ConfigDocument } from './config-document.js';
import { ConfigError } from './errors.js';
import { resolveSettings } from './settings.js';

const document = ConfigDocument.parse(
  `current_context: work
clusters: [{ name: k, base_url: "https://nmp.example.com/" }, { name: l, base_url: "https://lab.example.com" }]
users: [{ name: u, type: oauth, token: stored }]
contexts: [{ name: work, cluster: k, user: u, workspace: research }, { name: lab, cluster: l, user: u }]
`,
  '/etc/nmp.yaml',
);

describe('resolveSettings', () => {
  it('takes everything from the file', () => {
    expect(resolveSettings({ env: {} }, document)).toEqual({
      signInCommand: 'nemo auth login',
      contextName: 'work',
      otherContexts: ['lab'],
      baseUrl: 'https://nmp.example.com',
      workspace: 'research',
      credentials: { from: 'file' },
    });
  });

  it('takes the environment before the file and arguments before both', () => {
    const env = { NMP_CURRENT_CONTEXT: 'lab', NMP_WORKSPACE: 'w', NMP_ACCESS_TOKEN: 'env-token' };
    expect(resolveSettings({ env }, document)).toEqual({
      signInCommand: 'nemo auth login --context lab',
      contextName: 'lab',
      otherContexts: ['work'],
      baseUrl: 'https://lab.example.com',
      workspace: 'w',
      credentials: { from: 'environment', token: 'env-token' },
    });
    const given = { contextName: 'work', workspace: 'v', accessToken: 'given' };
    expect(resolveSettings({ ...given, env }, document)).toMatchObject({
      contextName: 'work',
      workspace: 'v',
      credentials: { from: 'argument', token: 'given' },
    });
  });

  it('never pairs the stored token with another platform', () => {
    expect(resolveSettings({ env: {}, baseUrl: 'https://evil.example' }, document).credentials).toEqual({
      from: 'none',
    });
    expect(resolveSettings({ env: { NMP_BASE_URL: 'https://evil.example' } }, document).credentials).toEqual({
      from: 'none',
    });
  });

  it('pairs it with the same platform spelled differently', () => {
    expect(resolveSettings({ env: {}, baseUrl: 'https://NMP.example.com:443' }, document).credentials).toEqual({
      from: 'file',
    });
  });

  it('has defaults when there is no file', () => {
    expect(resolveSettings({ env: { NMP_BASE_URL: '' } }, ConfigDocument.parse('', '/x'))).toEqual({
      signInCommand: 'nemo auth login',
      contextName: 'default',
      baseUrl: 'http://localhost:8080',
      workspace: 'default',
      credentials: { from: 'none' },
    });
  });

  it('refuses an unknown context and lists those there are', () => {
    expect(() => resolveSettings({ env: {}, contextName: 'wrok' }, document)).toThrow(ConfigError);
    expect(() => resolveSettings({ env: {}, contextName: 'wrok' }, document)).toThrow(/work, lab/);
  });

  it('names the command that signs in to the same place, fit for a shell', () => {
    const elsewhere = resolveSettings({ env: {}, baseUrl: 'https://other.example.com' }, document);
    expect(elsewhere).toMatchObject({
      signedInElsewhere: 'https://nmp.example.com',
      signInCommand: 'nemo auth login --base-url https://other.example.com',
    });
    const odd = ConfigDocument.parse('contexts: [{ name: "a\'b c" }]', '/x');
    expect(resolveSettings({ env: {}, contextName: "a'b c" }, odd).signInCommand).toBe(
      "nemo auth login --context 'a'\\''b c'",
    );
  });
});
