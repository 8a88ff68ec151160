/**
 * A pattern for subjects such as `repo:acme-example/*:ref:refs/heads/main`: `*` stands for one whole segment between
 * `:` and `/`, so that nothing which somebody may name (a repository, a branch, an environment) reaches into the next part.
 */
export class SubjectPattern {
  private readonly expression: RegExp;

  constructor(pattern: string) {
    const parts = pattern.split('*').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
    this.expression = new RegExp(`^${parts.join('[^:/]+')}$`, 'u');
  }

  matches(subject: string): boolean {
    return this.expression.test(subject);
  }
}

/** What is wrong with a pattern; `undefined` when nothing is. */
export function subjectPatternProblem(pattern: string): string | undefined {
  if (pattern.trim() === '' || pattern !== pattern.trim()) return 'must be a text without blanks around it';
  const segments = pattern.split(/[:/]/);
  if (segments.some((segment) => segment.includes('*') && segment !== '*')) {
    return 'may have * only for a whole segment between ":" and "/"';
  }
  return segments.every((segment) => segment === '*' || segment === '')
    ? 'must name at least one segment besides *: it would hold for everybody'
    : undefined;
}
