/** A path with placeholders, such as `/apis/models/v2/workspaces/{workspace}/models/{name}`. */
export class PathPattern {
  readonly parts: readonly string[];
  /** It ends in `/-/{…}`, which takes the rest of a path, however long. */
  readonly hasOpenEnd: boolean;
  /** Where the workspace is: at `{workspace}` or `{workspace_id}`, else at the placeholder after `workspaces`. */
  readonly workspacePosition: number | undefined;
  private readonly placeholders: number;

  /** @throws {RangeError} when it does not begin with a slash or is not printable ASCII. */
  constructor(readonly text: string) {
    if (!/^\/[!-~]*$/.test(text)) throw new RangeError(`not a path pattern: ${JSON.stringify(text)}`);
    this.parts = text.split('/');
    this.hasOpenEnd = this.parts.at(-2) === '-' && PathPattern.isPlaceholder(this.parts.at(-1) ?? '');
    this.placeholders = this.parts.filter(PathPattern.isPlaceholder).length;
    this.workspacePosition = workspacePosition(this.parts);
  }

  static isPlaceholder(this: void, part: string): boolean {
    return part.startsWith('{') && part.endsWith('}');
  }

  /** Whether it says more about a path that both fit: fewer placeholders, then a fixed length, then by spelling. */
  precedes(other: PathPattern): boolean {
    if (this.placeholders !== other.placeholders) return this.placeholders < other.placeholders;
    if (this.hasOpenEnd !== other.hasOpenEnd) return other.hasOpenEnd;
    return this.text < other.text;
  }
}

function workspacePosition(parts: readonly string[]): number | undefined {
  const named = parts.findIndex((part) => part === '{workspace}' || part === '{workspace_id}');
  const position =
    named === -1
      ? parts.findIndex((part, at) => PathPattern.isPlaceholder(part) && parts[at - 1] === 'workspaces')
      : named;
  return position === -1 ? undefined : position;
}
