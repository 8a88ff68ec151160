import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { nemo } from '../../../../scripts/quickstart/nemo.mjs';
import { Internet } from './internet.mjs';
import { discoveryOf, exchangesOf, expectedOf, recordedAnswerOf } from './recorded.mjs';

const platform = 'https://nmp.example.com';
// What times in recorded answers are counted from.
const recordedAtMs = Date.UTC(2026, 0, 1);
const exitCodes = { success: [0], failure: [1, 3], cancelled: [130] };
const secretMembers = ['device_code', 'access_token', 'refresh_token', 'id_token', 'password', 'mfa_token', 'totp'];
// Programs measure their waits from the answer, and this from request to request.
const slackMs = 50;

/** One recorded dialogue of a provider with a client, played with the command line program against the clock on the wall. */
export class Dialogue {
  #transcript;
  #exchanges;
  #expected;
  #configFile;
  #requests = [];
  #internet;
  #pid;
  #startedAtMs;

  /**
   * @param {object} transcript
   * @param {string} directory of its own
   */
  constructor(transcript, directory) {
    this.#transcript = transcript;
    this.#exchanges = exchangesOf(transcript);
    this.#expected = expectedOf(transcript);
    this.#configFile = join(directory, 'config.yaml');
    this.directory = directory;
  }

  /** @throws {import('node:assert').AssertionError} when the program does not do what it must */
  async play() {
    const urls = [platform, ...this.#exchanges.map(({ request }) => request.url)];
    this.#internet = await Internet.start({
      hosts: [...new Set(urls.map((url) => new URL(url).host))],
      directory: this.directory,
      answer: (request) => this.#answer(request),
    });
    try {
      this.#prepare();
      this.#judge(await this.#run());
    } finally {
      await this.#internet.close();
    }
  }

  /** A refresh begins with a sign-in that is stored. */
  #prepare() {
    if (this.#transcript.flow !== 'refresh') return;
    const user = { name: 'u', type: 'oauth', token: 'an-old-token', refresh_token: this.#form.refresh_token };
    const file = {
      current_context: 'default',
      clusters: [{ name: 'c', base_url: platform }],
      users: [user],
      contexts: [{ name: 'default', cluster: 'c', user: 'u', workspace: 'default' }],
    };
    writeFileSync(this.#configFile, stringify(file), { mode: 0o600 });
  }

  #run() {
    const { username, password } = this.#form;
    const secret = this.#exchanges
      .map(({ request }) => request.form.client_secret)
      .find((value) => value !== undefined);
    const login = ['auth', 'login', '--base-url', platform];
    const command = {
      device: [...login, '--no-browser'],
      password: [...login, '--username', username, '--password', password],
      refresh: ['auth', 'refresh'],
    }[this.#transcript.flow];
    return nemo(command, {
      configFile: this.#configFile,
      env: { ...this.#internet.commandEnvironment, ...(secret !== undefined && { NMP_OIDC_CLIENT_SECRET: secret }) },
      onPid: (pid) => {
        this.#pid = pid;
      },
    });
  }

  #answer({ url, form }) {
    if (url.origin === platform) return { json: discoveryOf(this.#transcript) };
    const exchange = this.#exchanges[Math.min(this.#requests.length, this.#exchanges.length - 1)];
    this.#startedAtMs ??= Date.now();
    this.#requests.push({ url: url.href, form, atMs: performance.now() });
    const isCancelled = this.#transcript.steps.some((step) => 'user_action' in step);
    if (isCancelled && this.#requests.length === this.#exchanges.length) {
      setTimeout(() => process.kill(this.#pid, 'SIGINT'), 200);
    }
    const endless = this.#transcript.expected.stored?.expires_in !== undefined;
    const answer = recordedAnswerOf(exchange.response, new Date(), endless);
    return { ...answer, headers: this.#counted(answer.headers) };
  }

  #judge({ code, stdout, stderr }) {
    const said = `exit code ${code}\n${stderr}`;
    const { outcome, message_should_mention: mentions = [] } = this.#expected;
    ok(exitCodes[outcome].includes(code), said);
    equal(stdout, '', said);
    for (const words of mentions) ok(stderr.toLowerCase().includes(words.toLowerCase()), `${words}\n${said}`);
    for (const secret of this.#secrets) equal(stderr.includes(secret), false, said);
    if (outcome === 'failure') match(stderr, /^Error: .*\S/m);
    this.#judgeRequests();
    this.#judgeStored(this.#stored);
  }

  #judgeRequests() {
    const { flow, expected } = this.#transcript;
    const recorded = this.#exchanges.map(({ request }) => request);
    // A refresh that got no answer is asked for once more, since the provider may have rotated already.
    const repeated = flow === 'refresh' && expected.reason === 'network_error' ? recorded : [];
    const all = [...recorded, ...repeated];
    // On a slow machine a code expires after fewer requests.
    const wanted = expected.reason === 'expired_locally' ? all.slice(0, Math.max(1, this.#requests.length)) : all;
    deepEqual(
      this.#requests.map(({ url }) => url),
      wanted.map(({ url }) => url),
    );
    for (const [at, { form }] of this.#requests.entries()) deepEqual({ ...form, ...wanted[at].form }, form);
    for (const [at, seconds] of (expected.waits_s ?? []).slice(0, this.#requests.length).entries()) {
      if (at === 0) continue;
      const waitedMs = this.#requests[at].atMs - this.#requests[at - 1].atMs;
      ok(waitedMs >= seconds * 1000 - slackMs, `request ${at + 1} came after ${waitedMs} ms, not ${seconds} s`);
    }
  }

  #judgeStored(user) {
    const { flow, expected } = this.#transcript;
    const sent = this.#form.refresh_token;
    if (this.#expected.outcome === 'success') {
      const { refresh_token: given = flow === 'refresh' ? sent : undefined } = this.#exchanges.at(-1).response.json;
      equal(user?.refresh_token, given);
      match(user.token, /./);
      equal(user.token === 'an-old-token', false);
    } else if (flow === 'refresh') {
      equal(user.token, 'an-old-token');
      equal(user.refresh_token, expected.reason === 'invalid_grant' ? undefined : sent);
    } else {
      equal(user, undefined);
    }
  }

  /** Headers whose dates are counted from now. */
  #counted({ 'retry-after': retryAfter, ...headers } = {}) {
    if (!/[a-z]/i.test(retryAfter ?? '')) return { ...headers, ...(retryAfter && { 'retry-after': retryAfter }) };
    const atMs = Date.parse(retryAfter) - recordedAtMs + this.#startedAtMs;
    return { ...headers, 'retry-after': new Date(Math.ceil(atMs / 1000) * 1000).toUTCString() };
  }

  get #form() {
    return this.#exchanges[0].request.form;
  }

  get #stored() {
    const { users = [] } = existsSync(this.#configFile) ? parse(readFileSync(this.#configFile, 'utf8')) : {};
    return users.find(({ token }) => token !== undefined);
  }

  /** Everything that nobody may read on a screen. */
  get #secrets() {
    const values = this.#exchanges.flatMap(({ request, response }) =>
      secretMembers.flatMap((name) => [request.form[name], response.json?.[name]]),
    );
    return values.filter((value) => typeof value === 'string' && !value.startsWith('@fixture:'));
  }
}
