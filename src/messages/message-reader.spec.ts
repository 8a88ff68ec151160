import { describe, expect, it } from '@jest/globals';
import { authorizeQuestionOf, hopAudienceOf, UnreadableMessage } from './message-reader.js';

describe('authorizeQuestionOf', () => {
  it.each([undefined, ''])('means the platform as a whole by the workspace %j', (workspace) => {
    const question = authorizeQuestionOf({ permissions: ['iam.read'], workspace });
    expect(question).toEqual({ permissions: ['iam.read'], workspace: 'system' });
  });

  it.each([
    null,
    [],
    'iam.read',
    { permissions: 'iam.read' },
    { permissions: [] },
    { permissions: [1] },
    { permissions: [''] },
    { permissions: ['a b'] },
    { permissions: ['iam'] },
    { permissions: ['iam.read', '__proto__'] },
    { permissions: Array.from({ length: 101 }, () => 'iam.read') },
    { permissions: ['iam.read'], workspace: 7 },
    { permissions: ['iam.read'], workspace: 'a b' },
  ])('refuses %j', (data) => {
    expect(() => authorizeQuestionOf(data)).toThrow(expect.objectContaining({ code: 'malformed_request' }));
  });
});

it('a message that could not be read is refused, with what was expected', () => {
  for (const read of [authorizeQuestionOf, hopAudienceOf]) {
    expect(() => read(new UnreadableMessage())).toThrow(
      expect.objectContaining({ code: 'malformed_request', message: expect.stringContaining('must be JSON') }),
    );
  }
});

describe('hopAudienceOf', () => {
  it.each([undefined, null, '', {}, { hop_audience: '' }])('finds none in %j', (data) => {
    expect(hopAudienceOf(data)).toBeUndefined();
  });

  it('finds the one that is asked for, and refuses what is no name', () => {
    expect(hopAudienceOf({ hop_audience: 'models' })).toBe('models');
    for (const data of [{ hop_audience: ['models'] }, 'models', ['models']]) {
      expect(() => hopAudienceOf(data)).toThrow(expect.objectContaining({ code: 'malformed_request' }));
    }
  });
});
