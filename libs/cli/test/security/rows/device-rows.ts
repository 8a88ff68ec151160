import { expect } from '@jest/globals';
import type { StubAnswer } from '../../../../sdk/test/support/http-stub.js';
import type { CommandLine, CommandResult } from '../../support/command-line.js';
import type { Row } from '../prove.js';

const login = (line: CommandLine): Promise<CommandResult> =>
  line.run(['auth', 'login', '--base-url', line.platform.url]);

/** Signs in by device flow: the code with these odd members, then these answers before the tokens. */
async function signIn(
  line: CommandLine,
  answers: readonly StubAnswer[],
  device: Record<string, unknown> = {},
): Promise<CommandResult> {
  line.idp.http.on('POST /device', line.idp.deviceCode(device));
  line.idp.http.on('POST /token', [...answers, line.idp.tokens({ now: line.clock.now() })]);
  return login(line);
}

async function expectWaits(line: CommandLine, result: Promise<CommandResult>, waits: readonly number[]): Promise<void> {
  expect((await result).exitCode).toBe(0);
  expect(line.clock.sleptSeconds).toEqual(waits);
}

/** How long somebody waits for the person, and what happens when nobody comes. */
export const deviceRows: readonly Row[] = [
  {
    id: 'L01',
    what: 'authorization_pending keeps the interval',
    prove: async (line) => {
      const pending = line.idp.error('authorization_pending');
      await expectWaits(line, signIn(line, [pending, pending, pending]), [5, 5, 5, 5]);
    },
  },
  {
    id: 'L02',
    what: 'each slow_down adds five seconds for good, and a larger interval is respected',
    prove: async (line) => {
      const slow = line.idp.error('slow_down');
      const larger = line.idp.error('slow_down', { interval: 40 });
      const answers = [slow, slow, slow, line.idp.error('authorization_pending'), larger];
      await expectWaits(line, signIn(line, answers), [5, 10, 15, 20, 20, 40]);
    },
  },
  {
    id: 'L03',
    what: 'no interval means five seconds',
    prove: (line) => expectWaits(line, signIn(line, [], { interval: undefined }), [5]),
  },
  ...[0, -5, 'soon', 1e9, null].map((interval) => ({
    id: 'L04',
    what: `an interval of ${interval} is clamped`,
    prove: (line: CommandLine) => expectWaits(line, signIn(line, [], { interval }), [interval === 1e9 ? 60 : 5]),
  })),
  ...(['expired_token', 'access_denied'] as const).map((error) => ({
    id: 'L05',
    what: `${error} stops, in words and with an exit code`,
    prove: async (line: CommandLine) => {
      const { exitCode, stderr } = await signIn(line, [line.idp.error(error)]);
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/Error: .*(denied|expired).*nemo auth login/);
      expect(line.idp.tokenRequests).toHaveLength(1);
    },
  })),
  {
    id: 'L05',
    what: 'nothing is asked after the code has expired',
    prove: async (line) => {
      const pending = line.idp.error('authorization_pending');
      const { exitCode, stderr } = await signIn(line, [pending, pending, pending], { expires_in: 12 });
      expect(exitCode).toBe(1);
      expect(stderr).toContain('expired');
      expect(line.idp.tokenRequests).toHaveLength(2);
    },
  },
  {
    id: 'L06',
    what: 'trouble of network and server is waited out with growing pauses',
    prove: async (line) => {
      const busy = { status: 429, headers: { 'retry-after': '30' }, text: '' };
      const answers: StubAnswer[] = [{ breakConnection: true }, { status: 503, text: '<html>' }, busy];
      await expectWaits(line, signIn(line, answers), [5, 10, 20, 30]);
    },
  },
  ...['javascript:alert(1)', 'file:///etc/passwd', 'http://idp.example.com/device'].map((uri) => ({
    id: 'L07',
    what: `the page ${uri} is not opened`,
    prove: async (line: CommandLine) => {
      expect((await signIn(line, [], { verification_uri: uri })).exitCode).toBe(1);
      expect(line.openedPages).toEqual([]);
    },
  })),
  {
    id: 'L07',
    what: 'escape sequences and blanks in the page are printed safe, and a page of this machine may be http',
    prove: async (line) => {
      const { stderr } = await signIn(line, [], { verification_uri: 'https://idp.example.com/\u001b[2J $(id)' });
      expect(stderr).not.toContain('\u001b');
      expect((await signIn(line, [], { verification_uri: 'http://127.0.0.1:1/device' })).exitCode).toBe(0);
      expect(line.openedPages.at(-1)).toBe('http://127.0.0.1:1/device');
    },
  },
  {
    id: 'L07',
    what: 'a complete page that is not https is not opened, the plain one is',
    prove: async (line) => {
      await signIn(line, [], { verification_uri_complete: 'javascript:alert(1)' });
      expect(line.openedPages).toEqual(['https://idp.example.com/device']);
    },
  },
  {
    id: 'L08',
    what: 'the code is shown for comparison even when the page has it filled in',
    prove: async (line) => {
      const complete = 'https://idp.example.com/device?user_code=ABCD-EFGH';
      expect((await signIn(line, [], { verification_uri_complete: complete })).stderr).toMatch(/code: +ABCD-EFGH/);
      expect(line.openedPages).toEqual([complete]);
    },
  },
];
