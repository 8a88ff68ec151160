// Writes the SDK's types of what the platform takes and gives, from its API description; `npm run openapi` does both.
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './process/root.mjs';

export const descriptionFile = join(root, 'docs', 'openapi.json');
export const typesFile = join(root, 'libs', 'sdk', 'src', 'api-types.ts');

/**
 * The schemas of an API description as TypeScript interfaces.
 *
 * @param {{ components: { schemas: Record<string, object> } }} description
 * @throws {Error} when a schema says something that has no form here
 */
export function typesOf({ components: { schemas } }) {
  const interfaces = Object.entries(schemas).map(([name, schema]) => interfaceOf(name, schema));
  return ['// Made of docs/openapi.json by `npm run openapi`; do not edit.', '', ...interfaces].join('\n');
}

function interfaceOf(name, { type, description, properties = {}, required = [] }) {
  if (type !== 'object') throw new Error(`${name} is not an object`);
  const fields = Object.entries(properties).flatMap(([field, schema]) => [
    ...comment(schema.description, '  '),
    `  readonly ${field}${required.includes(field) ? '' : '?'}: ${typeOf(schema, `${name}.${field}`)};`,
  ]);
  return [...comment(description, ''), `export interface ${name} {`, ...fields, '}', ''].join('\n');
}

function typeOf(schema, where) {
  const type = plainTypeOf(schema, where);
  return schema.nullable === true ? `${type} | null` : type;
}

function plainTypeOf(schema, where) {
  const { $ref: reference, allOf, oneOf, anyOf, type, enum: values, items, additionalProperties } = schema;
  if (reference !== undefined) return reference.split('/').at(-1);
  if (allOf !== undefined) return allOf.map((part) => typeOf(part, where)).join(' & ');
  const either = oneOf ?? anyOf;
  if (either !== undefined) return `(${either.map((part) => typeOf(part, where)).join(' | ')})`;
  if (values !== undefined) return values.map((value) => quoted(value)).join(' | ');
  if (type === 'array') return `readonly ${grouped(typeOf(items, `${where}[]`))}[]`;
  if (type === 'object') return `Readonly<Record<string, ${valueType(additionalProperties, where)}>>`;
  const plain = { string: 'string', number: 'number', integer: 'number', boolean: 'boolean' }[type];
  if (plain === undefined) throw new Error(`${where} has a type that has no form here: ${JSON.stringify(schema)}`);
  return plain;
}

function grouped(type) {
  return type.includes(' ') ? `(${type})` : type;
}

function valueType(additionalProperties, where) {
  return typeof additionalProperties === 'object' ? typeOf(additionalProperties, `${where}.*`) : 'unknown';
}

function quoted(value) {
  return typeof value === 'string' ? `'${value.replaceAll(/['\\]/g, '\\$&')}'` : JSON.stringify(value);
}

function comment(text, indent) {
  return text ? [`${indent}/** ${text.replaceAll('*/', '* /')} */`] : [];
}

if (realpathSync(process.argv[1]) === import.meta.filename) {
  writeFileSync(typesFile, typesOf(JSON.parse(readFileSync(descriptionFile, 'utf8'))));
}
