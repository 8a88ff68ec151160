interface TextRule {
  readonly required?: boolean;
  readonly pattern?: RegExp;
  readonly expected?: string;
}

interface ListRule<T extends string> {
  readonly required?: boolean;
  readonly oneOf?: readonly T[];
}

/** Reads one mapping of untrusted YAML and notes what is wrong with it, each time with the path. */
export class RecordReader {
  readonly #values: ReadonlyMap<string, unknown>;
  readonly #read = new Set<string>();

  constructor(
    value: unknown,
    private readonly path: string,
    private readonly problems: string[],
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      problems.push(`${path === '' ? 'the file' : path} must be a mapping`);
      this.#values = new Map();
    } else {
      this.#values = new Map(Object.entries(value));
    }
  }

  text(key: string, { required = false, pattern, expected = 'a non-empty text' }: TextRule = {}): string | undefined {
    const value = this.#take(key, required);
    if (value === undefined) return undefined;
    if (typeof value === 'string' && value !== '' && (pattern === undefined || pattern.test(value))) return value;
    this.#complain(key, `must be ${expected}`);
    return undefined;
  }

  flag(key: string): boolean | undefined {
    const value = this.#take(key, false);
    if (value === undefined || typeof value === 'boolean') return value;
    this.#complain(key, 'must be true or false');
    return undefined;
  }

  texts<T extends string>(key: string, { required = false, oneOf }: ListRule<T> = {}): T[] | undefined {
    const list = this.#list(key, required);
    const isChoice = (item: unknown): item is T =>
      typeof item === 'string' && item !== '' && (oneOf === undefined || (oneOf as readonly string[]).includes(item));
    for (const [index, item] of (list ?? []).entries()) {
      if (isChoice(item)) continue;
      const expected = oneOf === undefined ? 'a non-empty text' : `one of ${oneOf.join(', ')}`;
      this.#complain(`${key}[${index}]`, `must be ${expected}`);
    }
    return list?.filter(isChoice);
  }

  records(key: string): RecordReader[] | undefined {
    return this.#list(key, false)?.map(
      (item, index) => new RecordReader(item, `${this.#pathOf(key)}[${index}]`, this.problems),
    );
  }

  /** Notes the keys nobody asked for. */
  finish(): void {
    for (const key of this.#values.keys()) if (!this.#read.has(key)) this.#complain(key, 'is not a known key');
  }

  #list(key: string, required: boolean): readonly unknown[] | undefined {
    const value = this.#take(key, required);
    if (value === undefined || Array.isArray(value)) return value;
    this.#complain(key, 'must be a list');
    return undefined;
  }

  #take(key: string, required: boolean): unknown {
    this.#read.add(key);
    const value = this.#values.get(key) ?? undefined;
    if (required && value === undefined) this.#complain(key, 'is missing');
    return value;
  }

  #complain(key: string, problem: string): void {
    this.problems.push(`${this.#pathOf(key)} ${problem}`);
  }

  #pathOf(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`;
  }
}
