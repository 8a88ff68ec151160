/**
 * What the example of the platform's configuration says about a setting.
 *
 * @typedef {{ sentence: string, words: string | undefined, value: string }} ExampleSetting
 *   `words` are the default where no value can say it
 */

/**
 * Reads the comments of the example, setting by setting. A comment stands above its setting; a setting may be commented
 * out itself; a second `#` at the end of a line is followed by the default in words.
 *
 * @param {string} text
 * @param {object} tree the settings that there are
 * @returns {Map<string, ExampleSetting>} by path: `server.port`, `auth.oidc.additional_issuers[].issuer`
 */
export function exampleSettings(text, tree) {
  const found = new Map();
  /** @type {{ indent: number, path: string, tree: object, comment: readonly string[] }[]} */
  let parents = [{ indent: -1, path: '', tree, comment: [] }];
  let comment = [];
  for (const line of text.split('\n')) {
    const { indent, content, isProse } = partsOf(line);
    const [, name = '', rest = ''] = /^([a-z_]+):(?: +(.*))?$/.exec(content) ?? [];
    parents = content === '' ? parents : parents.filter((parent) => parent.indent < indent || parent.indent < 0);
    const parent = parents.at(-1);
    if (Object.hasOwn(parent.tree, name)) {
      const setting = parent.tree[name];
      const path = parent.path + name;
      const [value, ownWords] = split(rest);
      // What is said of a section with one setting is said of that.
      const isAlone = parent.path !== '' && Object.keys(parent.tree).length === 1;
      const lines = comment.length === 0 && isAlone ? parent.comment : comment;
      const [sentence, words] = split(lines.join(' '));
      found.set(path, { sentence, words: ownWords ?? words, value });
      const inner = innerTree(setting);
      if (inner) parents.push({ indent, path: path + ('entries' in setting ? '[].' : '.'), tree: inner, comment });
      comment = [];
    } else if (isProse) {
      comment.push(content);
    } else {
      comment = [];
    }
  }
  return found;
}

/** A line without the sign of a comment and that of a list. */
function partsOf(line) {
  const [, blanks = '', sign = '', more = '', inner = '', dash = '', content = ''] =
    /^( *)(# ?)?( *)(# )?(- )?(.*?)\s*$/.exec(line) ?? [];
  const indent = blanks.length + more.length + dash.length;
  return { indent, content, isProse: sign + inner !== '' && dash === '' && content !== '' };
}

function split(text) {
  const [before, after] = text.split(/ +# /);
  return [before.trim(), after?.trim()];
}

function innerTree(setting) {
  return typeof setting === 'string' ? undefined : (setting.section ?? setting.entries);
}
