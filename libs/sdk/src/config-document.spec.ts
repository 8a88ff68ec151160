import { describe, expect, it } from '@jest/globals';
import { ConfigDocument } from './config-document.js';
import { ConfigError } from './errors.js';

const original = `# my platforms
current_context: work # the usual one
telemetry_enabled: true
clusters:
  - name: work-cluster
    base_url: https://nmp.example.com # production
    certificate_authority: /etc/ca.pem
users:
  - name: work-user
    type: oauth
    token: old-token
    refresh_token: old-refresh
contexts:
  - name: work
    cluster: work-cluster
    user: work-user
    workspace: research
    preferences: { output_format: json }
  - name: same-cluster
    cluster: work-cluster
    user: work-user
`;

const parse = (text = original): ConfigDocument => ConfigDocument.parse(text, '/etc/nmp.yaml');

describe('ConfigDocument', () => {
  it('reads a context with what it refers to', () => {
    const document = parse();
    expect(document.currentContext).toBe('work');
    expect(document.contextNames).toEqual(['work', 'same-cluster']);
    expect(document.context('work')).toEqual({
      name: 'work',
      baseUrl: 'https://nmp.example.com',
      certificateAuthority: {
        setting: 'certificate_authority of the cluster "work-cluster" in /etc/nmp.yaml',
        file: '/etc/ca.pem',
      },
      workspace: 'research',
      credentials: { token: 'old-token', refreshToken: 'old-refresh' },
    });
    expect(document.context('other')).toBeUndefined();
  });

  it('keeps comments, order and unknown keys when tokens change', () => {
    const document = parse();
    document.setCredentials('work', { token: 'new-token', refreshToken: 'new-refresh' });
    expect(document.toString()).toBe(original.replace('old-token', 'new-token').replace('old-refresh', 'new-refresh'));
  });

  it('makes a whole context in an empty file', () => {
    const document = parse('');
    document.setBaseUrl('default', 'http://localhost:8080');
    document.setCredentials('default', { token: 't', expiresAt: new Date('2030-01-01T00:00:00Z') });
    document.currentContext = 'default';
    expect(document.toJSON()).toEqual({
      contexts: [{ name: 'default', workspace: 'default', cluster: 'default-cluster', user: 'default-user' }],
      clusters: [{ name: 'default-cluster', base_url: 'http://localhost:8080' }],
      users: [{ name: 'default-user', type: 'oauth', token: 't', expires_at: '2030-01-01T00:00:00.000Z' }],
      current_context: 'default',
    });
    expect(parse(document.toString()).context('default')?.credentials?.expiresAt).toEqual(
      new Date('2030-01-01T00:00:00Z'),
    );
  });

  it('leaves a shared cluster and user to the other context when the address changes', () => {
    const document = parse();
    document.setBaseUrl('same-cluster', 'https://other.example.com');
    document.setCredentials('same-cluster', { token: 'other-token' });
    expect(document.context('work')).toMatchObject({
      baseUrl: 'https://nmp.example.com',
      credentials: { token: 'old-token' },
    });
    expect(document.context('same-cluster')).toMatchObject({
      baseUrl: 'https://other.example.com',
      credentials: { token: 'other-token' },
    });
  });

  describe('with one user for contexts of two platforms', () => {
    const shared = `clusters: [{ name: ca, base_url: https://a.example }, { name: cb, base_url: https://b.example }]
users: [{ name: u, type: oauth, token: old-token }]
contexts: [{ name: a, cluster: ca, user: u }, { name: b, cluster: cb, user: u }, { name: also-a, cluster: ca, user: u }]
`;
    const tokenOf = (document: ConfigDocument, name: string) => document.context(name)?.credentials?.token;

    it.each([
      ['goes to a new address', 'b', 'https://new.example', ['a', 'also-a']],
      ['goes to a new address and shares the cluster', 'a', 'https://new.example', ['b', 'also-a']],
    ])('leaves it to the others when a context %s', (_what, name, address, others) => {
      const document = parse(shared);
      document.setBaseUrl(name, address);
      document.setCredentials(name, { token: 'new-token' });
      expect(document.context(name)).toMatchObject({ baseUrl: address, credentials: { token: 'new-token' } });
      expect(others.map((other) => tokenOf(document, other))).toEqual(['old-token', 'old-token']);
    });

    it('gives a context one of its own when told to', () => {
      const document = parse(shared);
      document.separateUser('b');
      document.setCredentials('b', { token: 'token-of-b' });
      expect(['a', 'b', 'also-a'].map((name) => tokenOf(document, name))).toEqual([
        'old-token',
        'token-of-b',
        'old-token',
      ]);
      document.separateUser('a');
      document.setCredentials('a', { token: 'token-of-a' });
      expect(['a', 'also-a'].map((name) => tokenOf(document, name))).toEqual(['token-of-a', 'token-of-a']);
    });

    it('changes nothing when the address is only spelt otherwise', () => {
      const document = parse(shared);
      document.setBaseUrl('a', 'https://A.example/');
      expect(document.context('a')).toMatchObject({ credentials: { token: 'old-token' } });
      expect(document.context('also-a')?.baseUrl).toBe('https://a.example');
    });
  });

  it('takes a number for a name, wherever one stands', () => {
    const document = parse(`current_context: 12
clusters: [{ name: 7, base_url: https://x.example }]
users: [{ name: 8, type: oauth, token: t }]
contexts: [{ name: 12, cluster: 7, user: 8 }]
`);
    expect(document.currentContext).toBe('12');
    expect(document.context('12')).toMatchObject({ baseUrl: 'https://x.example', credentials: { token: 't' } });
  });

  it('gives new entries names that are free and allowed', () => {
    const document = parse(
      'clusters: [{ name: a-b-cluster, base_url: https://x.example }]\nusers: [{ name: a b-user }]\n',
    );
    document.setBaseUrl('a b', 'http://localhost:8080');
    document.setCredentials('a b', { token: 't' });
    expect(document.toJSON()).toMatchObject({
      contexts: [{ name: 'a b', cluster: 'a-b-cluster-2', user: 'a b-user-2' }],
    });
  });

  it('clears everything secret on sign-out and keeps the user entry', () => {
    const document = parse();
    expect(document.hasSecrets).toBe(true);
    document.clearCredentials('work');
    expect(document.hasSecrets).toBe(false);
    expect(document.context('work')?.credentials).toBeUndefined();
    expect(document.toJSON()).toMatchObject({ users: [{ name: 'work-user', type: 'no-auth' }] });
  });

  it('notes where the tokens are when they are in a keychain, and then has none', () => {
    const document = parse();
    const scope = 'openid';
    document.setCredentials('work', { token: 't', refreshToken: 'r', scope }, '0123/work-user');
    const context = document.context('work');
    expect(context).not.toHaveProperty('credentials');
    expect(context?.keychain).toEqual({ userName: 'work-user', item: '0123/work-user', noted: { scope } });
    expect(document.keychainSignIns).toEqual([context?.keychain]);
    expect(document.hasSecrets).toBe(false);
    expect(document.toJSON()).toMatchObject({ users: [{ token_store: 'keychain', keychain_item: '0123/work-user' }] });
    document.setCredentials('work', { token: 't' });
    expect(document.context('work')).toMatchObject({ credentials: { token: 't' } });
    expect(document.toString()).not.toContain('keychain');
    document.setCredentials('work', { token: 't' }, '0123/work-user');
    document.clearAllCredentials();
    expect(document.toString()).not.toContain('keychain');
  });

  it('takes a token that another program left in the file for newer than the one in the keychain', () => {
    const config = `users: [{ name: u, type: oauth, token: t, token_store: keychain, keychain_item: i }]
contexts: [{ name: c, user: u }]
`;
    expect(parse(config).context('c')).toEqual({ name: 'c', credentials: { token: 't' } });
  });

  it('notes where a context wants its tokens', () => {
    const document = parse();
    document.setTokenStore('work', 'keychain');
    expect(document.preferences('work')).toMatchObject({ tokenStore: 'keychain' });
    document.setTokenStore('work', 'file');
    expect(document.preferences('work')).toMatchObject({ tokenStore: 'file' });
    const other = parse('contexts: [{ name: c, preferences: { truncate: false, token_store: safe } }, { name: d }]');
    other.setTokenStore('d', 'keychain');
    expect(other.preferences('d')).toEqual({ tokenStore: 'keychain' });
    expect(other.preferences('c')).toEqual({ truncate: false });
    other.setTokenStore('c', 'keychain');
    expect(other.preferences('c')).toEqual({ truncate: false, tokenStore: 'keychain' });
  });

  it('takes a user without a type, or of a kind no longer known, for signed out', () => {
    const config = (user: string): string =>
      `users: [${user}]\ncontexts: [{ name: c, cluster: k, user: u }]\nclusters: [{ name: k, base_url: https://x.example }]\n`;
    expect(parse(config('{ name: u, token: t }')).context('c')?.credentials).toBeUndefined();
    expect(parse(config('{ name: u, type: api-key, api_key: k }')).context('c')?.credentials).toBeUndefined();
  });

  it.each([
    ['broken YAML', 'contexts:\n  - name: [', /not valid YAML \(line 2\)/],
    ['a list', '- a\n', /not a mapping/],
    ['contexts that are text', 'contexts: hello\n', /"contexts" that is not a list/],
    ['an entry without a name', 'users: [{ type: oauth }]\n', /"users" that is not a list of entries with a name/],
    ['a name twice', 'users: [{ name: a }, { name: a }]\n', /names "a" twice/],
  ])('refuses %s, naming the file and what to do', (_, text, problem) => {
    expect(() => parse(text)).toThrow(problem);
    expect(() => parse(text)).toThrow(/\/etc\/nmp\.yaml.*nemo auth login/);
  });

  it('refuses a context that names a user that is not there', () => {
    const document = parse('contexts: [{ name: c, user: ghost }]\n');
    expect(() => document.context('c')).toThrow(ConfigError);
  });
});
