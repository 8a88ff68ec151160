import { describe, expect, it } from '@jest/globals';
import { UnreadableMessage } from './message-reader.js';
import { readNatsQuestion } from './nats-question.js';

const subject = 'auth.authorize';

describe('readNatsQuestion', () => {
  it.each([['1'], [1]])('reads the data, and the id %j', (id) => {
    const payload = JSON.stringify({ pattern: subject, id, data: { permissions: ['iam.read'] } });
    expect(readNatsQuestion(payload, subject)).toEqual({ pattern: subject, id, data: { permissions: ['iam.read'] } });
  });

  it.each(['', 'not json', 'null', '"x"', '7', '[]', '{}', '{"pattern":"x"}', '{"pattern":"x","id":{"a":1}}'])(
    'has no data of %j, and no id',
    (payload) => {
      expect(readNatsQuestion(payload, subject)).toEqual({ pattern: subject, id: null, data: new UnreadableMessage() });
    },
  );

  it.each(['{"id":"1","data":{}}', '{"id":"1","pattern":{"cmd":"x"}}'])(
    'repeats the id of %j, which has no pattern',
    (payload) => {
      expect(readNatsQuestion(payload, subject)).toEqual({ pattern: subject, id: '1', data: new UnreadableMessage() });
    },
  );
});
