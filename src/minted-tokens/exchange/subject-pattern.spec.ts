import { describe, expect, it } from '@jest/globals';
import { SubjectPattern, subjectPatternProblem } from './subject-pattern.js';

describe('SubjectPattern', () => {
  it.each([
    ['repo:acme-example/*:ref:refs/heads/main', 'repo:acme-example/train:ref:refs/heads/main'],
    ['repo:acme-example/train:ref:refs/heads/*', 'repo:acme-example/train:ref:refs/heads/release-1.2'],
    ['system:serviceaccount:*:trainer', 'system:serviceaccount:ml:trainer'],
    ['*:acme', 'org:acme'],
    ['a.b', 'a.b'],
    ['spiffe://example.com/ns/*/sa/trainer', 'spiffe://example.com/ns/ml/sa/trainer'],
  ])('%s holds for %s', (pattern, subject) => {
    expect(new SubjectPattern(pattern).matches(subject)).toBe(true);
  });

  it.each([
    // What somebody may name does not reach into the next part.
    ['repo:acme-example/*:ref:refs/heads/main', 'repo:acme-example/x:environment:y:ref:refs/heads/main'],
    ['repo:acme-example/*:ref:refs/heads/main', 'repo:acme-example/x/y:ref:refs/heads/main'],
    ['repo:acme-example/*:ref:refs/heads/main', 'repo:acme-example/:ref:refs/heads/main'],
    ['repo:acme-example/*:ref:refs/heads/main', 'repo:acme-example/x:ref:refs/heads/main-2'],
    ['repo:acme-example/*:ref:refs/heads/main', 'my-repo:acme-example/x:ref:refs/heads/main'],
    ['repo:acme-example/*:ref:refs/heads/main', 'repo:acme-example/x:ref:refs/heads/main\n'],
    ['repo:acme-example/*:ref:refs/heads/main', 'REPO:acme-example/x:ref:refs/heads/main'],
    ['repo:acme-example/train:ref:refs/heads/*', 'repo:acme-example/train:ref:refs/heads/a/b'],
    ['a.b', 'axb'],
    ['a+', 'aa'],
    ['system:serviceaccount:ml:*', 'system:serviceaccount:ml'],
  ])('%s does not hold for %j', (pattern, subject) => {
    expect(new SubjectPattern(pattern).matches(subject)).toBe(false);
  });
});

describe('subjectPatternProblem', () => {
  it.each(['repo:acme-example/*:ref:refs/heads/main', 'alice', '*:x', 'a//b:*'])(
    'has nothing against %s',
    (pattern) => {
      expect(subjectPatternProblem(pattern)).toBeUndefined();
    },
  );

  it.each([
    ['*', /for everybody/],
    ['*:*/*', /for everybody/],
    ['::', /for everybody/],
    ['repo:acme-*:ref', /whole segment/],
    ['repo:**:ref', /whole segment/],
    ['', /text without blanks/],
    [' a', /text without blanks/],
  ])('refuses %j', (pattern, problem) => {
    expect(subjectPatternProblem(pattern)).toMatch(problem);
  });
});
