import { equal } from 'node:assert/strict';

/** What only Redis has. */
export const redisSteps = {
  'metadata of the packet serves as headers, but not beside others': async (line) => {
    const [name, value] = await line.world.bearer({ subject: 'alice' });
    try {
      line.client.setOnDispatchHook((packet) => {
        packet.metadata = { [name]: value, 'X-NMP-Principal-Id': 'mallory' };
      });
      const { caller, arrival } = await line.answered(line.patterns.whoami, []);
      equal(caller.id, 'alice');
      equal('X-NMP-Principal-Id' in line.kind.headersOf(arrival.context), false);
      await line.refused('malformed_request', line.patterns.whoami, [[name, value]]);
    } finally {
      line.client.setOnDispatchHook(undefined);
    }
  },
};
