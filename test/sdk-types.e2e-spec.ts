import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { descriptionFile, typesFile, typesOf } from '../scripts/sdk-types.mjs';

describe('the types of the SDK', () => {
  it('are those of the API description; after a change, run: npm run openapi', () => {
    const description = JSON.parse(readFileSync(descriptionFile, 'utf8')) as Parameters<typeof typesOf>[0];
    expect(readFileSync(typesFile, 'utf8')).toBe(typesOf(description));
  });

  it('say what may be missing, null, a list, a choice or another type', () => {
    const described = {
      Thing: {
        type: 'object',
        required: ['name', 'kinds'],
        properties: {
          name: { type: 'string', nullable: true, description: 'As people say it' },
          kinds: { type: 'array', items: { enum: ['a', "b's"] } },
          other: { allOf: [{ $ref: '#/components/schemas/Other' }] },
          more: { type: 'object', additionalProperties: { type: 'integer' } },
        },
      },
    };
    expect(typesOf({ components: { schemas: described } })).toContain(`export interface Thing {
  /** As people say it */
  readonly name: string | null;
  readonly kinds: readonly ('a' | 'b\\'s')[];
  readonly other?: Other;
  readonly more?: Readonly<Record<string, number>>;
}`);
  });

  it('are not guessed', () => {
    const schemas = { Thing: { type: 'object', properties: { odd: { type: 'file' } } } };
    expect(() => typesOf({ components: { schemas } })).toThrow('Thing.odd has a type that has no form here');
  });
});
