import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MqttRecordBuilder, Transport } from '@nestjs/microservices';
import { installed } from '../../../scripts/process/installed-program.mjs';
import { headerRecord } from './header-record.mjs';

/**
 * MQTT 5, whose messages have properties that users choose.
 *
 * @type {import('./broker.mjs').BrokerKind}
 */
export const mosquitto = {
  name: 'mosquitto',
  find: () => installed('mosquitto', ['-h']),
  async programs({ directory, port }) {
    const file = join(directory, 'mosquitto.conf');
    // It would change to an account of its own that may not read the folder.
    const user = process.getuid?.() === 0 ? 'user root\n' : '';
    writeFileSync(file, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\n${user}`);
    return [{ command: 'mosquitto', args: ['-c', file], readyUrl: `tcp://127.0.0.1:${port}` }];
  },
  transport: (port) => ({
    transport: Transport.MQTT,
    options: { url: `mqtt://127.0.0.1:${port}`, protocolVersion: 5, reconnectPeriod: 200 },
  }),
  record: recordOf,
  headersOf: (context) => context.getPacket().properties?.userProperties ?? {},
  strange: ['', ' ', 'Bearer', 'Bearer ', ', ,'].map((value) => recordOf({}, [['authorization', value]])),
};

function recordOf(data, headers) {
  return new MqttRecordBuilder(data).setProperties({ userProperties: headerRecord(headers) }).build();
}
