import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { BindingIndex } from './binding-index.js';
import { readPolicySources } from './policy-artefact.js';
import { policyBundle } from './policy-bundle.js';
import { externalData, type Json } from './policy-data.js';
import { platformEndpoints } from './platform-endpoints.js';
import { readRoleCatalogue } from './role-files.js';
import { tarArchive } from './tar-archive.js';

const editor = { principal: '*', workspace: 'default', role: 'Editor' };
const viewer = { principal: 'alice@example.com', workspace: 'ml', role: 'Viewer' };
const roles = readRoleCatalogue();
const dataOf = (...bindings: (typeof editor)[]): Json =>
  externalData({ bindings: new BindingIndex(bindings), roles, endpoints: platformEndpoints });
const sources = readPolicySources();

describe('policyBundle', () => {
  it('holds the rules without their tests, the data, and a manifest', () => {
    const { bytes, revision } = policyBundle(sources, dataOf(viewer));
    const files = new Map(filesOf(gunzipSync(bytes)));
    const names = [...files.keys()];
    expect(names.slice(-2)).toEqual(['data.json', '.manifest']);
    expect(names.slice(0, -2)).toEqual(sources.map(({ path }) => path));
    expect(names).toContain('authz/allow.rego');
    expect(names.some((name) => name.includes('_test'))).toBe(false);
    expect(JSON.parse(files.get('.manifest') ?? '')).toEqual({ revision, roots: ['authz', 'envoy', 'common'] });
    expect(revision).toMatch(/^[0-9a-f]{8}$/);
    const data = JSON.parse(files.get('data.json') ?? '') as Record<string, Record<string, unknown>>;
    expect(data['envoy']).toEqual(data['authz']);
    expect(data['common']).toEqual(data['authz']);
    expect(data['authz']).toMatchObject({
      principals: { 'alice@example.com': { workspaces: { ml: ['Viewer'] } } },
      roles: { Editor: { includes: ['Viewer'], grants: { 'workspaces.read': true } } },
      endpoints: { '/apis/entities/v2/workspaces': { get: { permissions: ['workspaces.list'] } } },
      domains: { entities: { name: 'entities', version: 'core', kind: 'core' } },
      permissions: { workspaces: { read: { has_endpoint: true, has_role: true } } },
      workspaces: {},
    });
    expect(Object.keys(data['authz'] ?? {})).not.toContain('embedded');
  });

  it('is the same for the same rules and data, in whatever order they come', () => {
    const one = policyBundle(sources, dataOf(editor, viewer));
    const other = policyBundle(sources.toReversed(), dataOf(viewer, editor));
    expect(Buffer.from(one.bytes).equals(Buffer.from(other.bytes))).toBe(true);
    expect(other.etag).toBe(one.etag);
    expect(one.etag).toMatch(/^"[0-9a-f]{64}"$/);
  });

  it('has another tag and revision for other data or rules', () => {
    const one = policyBundle(sources, dataOf(editor));
    for (const other of [policyBundle(sources, dataOf(viewer)), policyBundle(sources.slice(1), dataOf(editor))]) {
      expect(other.etag).not.toBe(one.etag);
      expect(other.revision).not.toBe(one.revision);
    }
  });

  it('names no time, owner or system', () => {
    const { bytes } = policyBundle(sources, dataOf());
    expect([...bytes.subarray(4, 10)]).toEqual([0, 0, 0, 0, expect.any(Number), 255]);
    const [header] = [gunzipSync(bytes).subarray(0, 512)];
    expect(header?.subarray(136, 147).toString()).toBe('0'.repeat(11));
  });
});

describe('tarArchive', () => {
  it('refuses a path that does not fit', () => {
    expect(() => tarArchive([{ path: 'a'.repeat(101), content: '' }])).toThrow(RangeError);
  });
});

function* filesOf(archive: Buffer): Generator<[string, string]> {
  for (let at = 0; archive[at] !== 0;) {
    const size = Number.parseInt(archive.toString('latin1', at + 124, at + 135), 8);
    const name = archive.toString('latin1', at, at + 100).replace(/\0+$/, '');
    yield [name, archive.toString('utf8', at + 512, at + 512 + size)];
    at += 512 + Math.ceil(size / 512) * 512;
  }
}
