import { equal } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/process/root.mjs';
import { runCommand } from '../../../scripts/process/run-command.mjs';

/** Commands, and right below them what they print. */
const command = /^```sh\n((?:(?!```).*\n)*)```\n\n```text\n((?:(?!```).*\n)*)```$/gm;

/** What a reader of the page is told to try. */
export const pageSteps = {
  'the commands of docs/gateways.md print what stands below them': async (passage) => {
    const page = readFileSync(join(root, 'docs', 'gateways.md'), 'utf8');
    const commands = [...page.matchAll(command)];
    equal(commands.length, 3);
    const env = {
      PATH: process.env.PATH,
      GATEWAY: `http://127.0.0.1:${passage.port}`,
      SERVICE: `http://127.0.0.1:${passage.service.port}`,
      TOKEN: await passage.token({ subject: 'admin', email: 'admin@example.com' }),
    };
    for (const [, script, expected] of commands) {
      const { output } = await runCommand('bash', ['-euo', 'pipefail', '-c', script], { env, capture: true });
      equal(output, expected, script);
    }
  },
};
