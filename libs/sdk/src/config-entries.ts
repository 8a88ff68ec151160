import type { Document, YAMLMap } from 'yaml';
import { isMap, isSeq, YAMLSeq } from 'yaml';

/** The lists of a configuration file whose entries have names. */
export type ConfigList = 'clusters' | 'users' | 'contexts';

/** The entries of a configuration file's lists. */
export class ConfigEntries {
  constructor(private readonly document: Document) {}

  find(list: ConfigList, name: string): YAMLMap | undefined {
    return this.all(list).find((entry) => nameOf(entry) === name);
  }

  all(list: ConfigList): YAMLMap[] {
    const items = this.document.get(list);
    return isSeq(items) ? items.items.filter((item): item is YAMLMap => isMap(item)) : [];
  }

  add(list: ConfigList, value: Record<string, string>): YAMLMap {
    const entry = this.document.createNode(value) as YAMLMap; // a record becomes a map node
    const found = this.document.get(list);
    const items = isSeq(found) ? found : new YAMLSeq();
    items.flow = false;
    items.add(entry);
    if (items !== found) this.document.set(list, items);
    return entry;
  }

  /** The name that is wanted, or one like it that no entry has. */
  freeName(list: ConfigList, wanted: string): string {
    let name = wanted;
    for (let number = 2; this.find(list, name); number += 1) name = `${wanted}-${number}`;
    return name;
  }

  /** What is wrong with a list, if anything is. */
  problemOf(list: ConfigList): string | undefined {
    const items = this.document.get(list);
    if (items === undefined || items === null) return undefined;
    if (!isSeq(items) || items.items.some((item) => !isMap(item) || nameOf(item) === '')) {
      return `has "${list}" that is not a list of entries with a name`;
    }
    const names = this.all(list).map(nameOf);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    return twice === undefined ? undefined : `names "${twice}" twice under "${list}"`;
  }
}

/** An entry's name; empty when it has none. */
export function nameOf(entry: YAMLMap): string {
  return nameIn(entry, 'name') ?? '';
}

/** A name as it stands under a key: one that looks like a number is one all the same. */
export function nameIn(settings: { get(key: string): unknown } | undefined, key: string): string | undefined {
  const name = settings?.get(key);
  return (typeof name === 'string' && name !== '') || typeof name === 'number' ? String(name) : undefined;
}
