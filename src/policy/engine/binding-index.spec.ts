import { describe, expect, it } from '@jest/globals';
import { BindingIndex } from './binding-index.js';

const viewer = { principal: 'alice@example.com', workspace: 'ml', role: 'Viewer' };
const editor = { ...viewer, role: 'Editor' };

describe('BindingIndex', () => {
  it('has a new revision with every change, and only then', () => {
    const index = new BindingIndex([viewer]);
    const before = index.revision;
    expect(index.apply({ ...viewer, isGranted: true })).toBe(false);
    expect(index.apply({ ...editor, isGranted: false })).toBe(false);
    expect(index.revision).toBe(before);
    expect(index.apply({ ...editor, isGranted: true })).toBe(true);
    expect(index.revision).toBe(before + 1);
    expect(index.rolesOf('alice@example.com', 'ml')).toEqual(['Viewer', 'Editor']);
    expect(index.apply({ ...viewer, isGranted: false })).toBe(true);
    expect(index.revision).toBe(before + 2);
    expect(index.rolesOf('alice@example.com', 'ml')).toEqual(['Editor']);
  });

  it('forgets a principal with its last role', () => {
    const index = new BindingIndex([viewer]);
    index.apply({ ...viewer, isGranted: false });
    expect([...index.all()]).toEqual([]);
    expect(index.rolesOf('alice@example.com', 'ml')).toEqual([]);
  });

  it('knows an e-mail address however it is written, and leaves other names as they are', () => {
    const index = new BindingIndex([{ ...viewer, principal: 'Alice@Example.COM' }]);
    expect(index.rolesOf('alice@example.com', 'ml')).toEqual(['Viewer']);
    expect(index.apply({ ...viewer, principal: 'ALICE@example.com', isGranted: false })).toBe(true);
    const others = ['group:A@B', 'service:A@B', 'User-1', '*'];
    const kept = new BindingIndex(others.map((principal) => ({ ...viewer, principal })));
    expect([...kept.all()].map(({ principal }) => principal)).toEqual(others);
  });

  it('becomes what it is told to be', () => {
    const index = new BindingIndex([viewer]);
    expect(index.replaceAll([viewer])).toBe(false);
    expect(index.revision).toBe(0);
    expect(index.replaceAll([editor])).toBe(true);
    expect([...index.all()]).toEqual([editor]);
    expect(index.revision).toBeGreaterThan(0);
  });
});
