/**
 * Headers as one object: a name that comes more than once has a list.
 *
 * @param {readonly import('./broker.mjs').Header[]} headers
 * @returns {Record<string, string | string[]>}
 */
export function headerRecord(headers) {
  const record = {};
  for (const [name, value] of headers) record[name] = name in record ? [record[name], value].flat() : value;
  return record;
}
