import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The pages of a built site, as a browser without scripts sees them. */
export class BuiltPages {
  /** @type {ReadonlyMap<string, string>} the text of each page by its path */
  pages;
  #folder;

  /** @param {string} folder */
  constructor(folder) {
    this.#folder = folder;
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'));
    this.pages = new Map(names.toSorted().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  }

  /** Links within the site that lead to no file, or to no element of a page: one line for each. */
  brokenLinks() {
    const anchors = new Map([...this.pages].map(([name, html]) => [name, anchorsOf(html)]));
    return [...this.pages].flatMap(([name, html]) =>
      attributes(html, 'a', 'href')
        .filter((target) => !/^[a-z]+:/.test(target))
        .filter((target) => {
          const [path = '', anchor = ''] = target.split('#');
          const found = this.#resolved(name, path);
          return !existsSync(join(this.#folder, found)) || (anchor !== '' && anchors.get(found)?.has(anchor) === false);
        })
        .map((target) => `${name} → ${target}`),
    );
  }

  /** What a page would load from elsewhere: nothing of it may be fetched from another site. */
  foreignResources() {
    const loaded = ['script src', 'img src', 'link href'].map((text) => text.split(' '));
    return [...this.pages].flatMap(([name, html]) =>
      loaded
        .flatMap(([tag, attribute]) => attributes(html, tag, attribute))
        .filter((target) => /^(?:https?:)?\/\//.test(target))
        .map((target) => `${name} loads ${target}`),
    );
  }

  #resolved(from, path) {
    if (path === '') return from;
    const file = decodeURIComponent(path.startsWith('/') ? path.slice(1) : join(dirname(from), path));
    const isFolder = file === '' || file.endsWith('/') || isDirectory(join(this.#folder, file));
    return isFolder ? join(file, 'index.html') : file;
  }
}

function isDirectory(path) {
  return existsSync(path) && statSync(path).isDirectory();
}

function anchorsOf(html) {
  return new Set(
    [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id).flatMap((id) => [id, encodeURIComponent(id)]),
  );
}

function attributes(html, tag, attribute) {
  const found = html.matchAll(new RegExp(`<${tag}\\s[^>]*?\\b${attribute}="([^"]*)"`, 'g'));
  return [...found].map(([, value]) => value.replaceAll('&amp;', '&'));
}
