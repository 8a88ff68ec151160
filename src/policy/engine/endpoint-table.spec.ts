import { describe, expect, it } from '@jest/globals';
import { EndpointTable, type Endpoint } from './endpoint-table.js';

const named = (permission: string): { get: Endpoint } => ({ get: { permissions: [permission] } });

const table = new EndpointTable({
  '/a/{x}/c': named('parameter'),
  '/a/b/c': named('literal'),
  '/a/{x}/{y}': named('two'),
  '/a/b/{y}': named('later'),
  '/p/{workspace}/-/{rest}': named('rest'),
  '/p/{workspace}/-/a/b': named('exact'),
  '/w/workspaces/{name}/x/{workspace_id}': named('id'),
  '/w/workspaces/{name}': { ...named('name'), put: { permissions: ['put'] } },
  '/w/{thing}/workspaces': named('none'),
});

describe('EndpointTable', () => {
  it.each([
    ['/a/b/c', 'literal', undefined],
    ['/a/x/c', 'parameter', undefined],
    ['/a/b/d', 'later', undefined],
    ['/a/x/d', 'two', undefined],
    ['/p/ml/-/x', 'rest', 'ml'],
    ['/p/ml/-/x/y/z', 'rest', 'ml'],
    ['/p/ml/-/a/b', 'exact', 'ml'],
    ['/p/ml/-/a/b/c', 'rest', 'ml'],
    ['/p/-/-/x', 'rest', '-'],
    ['/w/workspaces/ml', 'name', 'ml'],
    ['/w/workspaces/ml/x/other', 'id', 'other'],
    ['/w/a/workspaces', 'none', undefined],
    ['/w/workspaces/%2D', 'name', '%2D'],
  ])('finds for %s the endpoint "%s" in the workspace %s', (path, permission, workspace) => {
    expect(table.find('GET', path)).toEqual({
      endpoint: { permissions: [permission] },
      json: JSON.stringify({ permissions: [permission] }),
      workspace,
    });
  });

  it.each(['/a//c', '/a/b/c/', '/a/b', '', '/', 'a/b/c', '/a/b/c/d', '/p/ml/-', '/p/ml/-/', '/p/ml/+/x', '/A/b/c'])(
    'finds none for %s',
    (path) => {
      expect(table.find('GET', path)).toBeUndefined();
    },
  );

  it('takes HEAD for GET and no method for another', () => {
    expect(table.find('HEAD', '/a/b/c')?.endpoint).toEqual({ permissions: ['literal'] });
    expect(table.find('PUT', '/w/workspaces/ml')?.endpoint).toEqual({ permissions: ['put'] });
    for (const method of ['POST', 'get', 'TRACE', 'constructor']) expect(table.find(method, '/a/b/c')).toBeUndefined();
  });

  it.each(['a/b', '', '/ü', '/a b'])('refuses the pattern %j', (pattern) => {
    expect(() => new EndpointTable({ [pattern]: {} })).toThrow(RangeError);
  });
});
