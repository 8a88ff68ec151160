import { PathPattern } from './path-pattern.js';

/** The pattern that says most about a path. */
export interface MatchedPattern {
  readonly pattern: string;
  /** The segment of the path that names the workspace. */
  readonly workspace: string | undefined;
}

interface Node {
  readonly literals: Map<string, Node>;
  placeholder: Node | undefined;
  /** The pattern that ends here. */
  end: PathPattern | undefined;
  /** The pattern that takes one or more segments from here on. */
  rest: PathPattern | undefined;
}

/** Finds the pattern of a path by walking a tree of segments, so that the number of patterns does not matter. */
export class EndpointMatcher {
  private readonly root = emptyNode();

  /** @throws {RangeError} for a pattern that does not begin with a slash or is not ASCII. */
  constructor(patterns: readonly string[]) {
    for (const pattern of patterns) this.add(new PathPattern(pattern));
  }

  match(path: string): MatchedPattern | undefined {
    const segments = path.split('/');
    const found = search(this.root, segments, 0);
    if (found === undefined) return undefined;
    const { text, workspacePosition } = found;
    return { pattern: text, workspace: workspacePosition === undefined ? undefined : segments[workspacePosition] };
  }

  private add(pattern: PathPattern): void {
    let node = this.root;
    for (const part of pattern.hasOpenEnd ? pattern.parts.slice(0, -1) : pattern.parts) node = child(node, part);
    if (pattern.hasOpenEnd) node.rest = better(node.rest, pattern);
    else node.end = better(node.end, pattern);
  }
}

function search(node: Node, segments: readonly string[], position: number): PathPattern | undefined {
  const segment = segments[position];
  if (segment === undefined) return node.end;
  const literal = node.literals.get(segment);
  let best = literal && search(literal, segments, position + 1);
  if (segment !== '') {
    best = better(best, node.rest);
    if (node.placeholder) best = better(best, search(node.placeholder, segments, position + 1));
  }
  return best;
}

function better(one: PathPattern | undefined, other: PathPattern | undefined): PathPattern | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one.precedes(other) ? one : other;
}

function child(node: Node, part: string): Node {
  if (PathPattern.isPlaceholder(part)) return (node.placeholder ??= emptyNode());
  const existing = node.literals.get(part);
  if (existing !== undefined) return existing;
  const created = emptyNode();
  node.literals.set(part, created);
  return created;
}

function emptyNode(): Node {
  return { literals: new Map(), placeholder: undefined, end: undefined, rest: undefined };
}
