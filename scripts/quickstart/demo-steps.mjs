import { approveDeviceLogin } from './approve-device-login.mjs';
import { nemo } from './nemo.mjs';

/**
 * The demo's story, told with real commands and requests.
 *
 * @param {object} context
 * @param {import('./stack.mjs').Stack} context.stack
 * @param {readonly { email: string, password: string }[]} context.accounts
 * @param {Function} context.FormBrowser
 * @param {import('./transcript.mjs').Transcript} context.transcript
 * @param {string} context.configFile
 * @param {AbortSignal} context.signal
 * @throws {Error} at the first outcome that is not what it must be
 */
export async function demoSteps(context) {
  const { stack, accounts, transcript } = context;
  const [alice] = accounts;
  const base = ['--base-url', stack.platformUrl];
  const workspaces = `${stack.platformUrl}/apis/entities/v2/workspaces`;

  transcript.heading('Sign in with user name and password, as a CI job does');
  const password = ['auth', 'login', ...base, '--username', alice.email, '--password-stdin'];
  const input = `${alice.password}\n`;
  expectExit(await run(context, password, { input }), 0);

  transcript.heading('Sign in in the browser; the pages are filled in by this demo');
  await deviceLogin(context, ['auth', 'login', ...base, '--no-browser'], alice);

  transcript.heading('Who am I?');
  const status = expectExit(await run(context, ['auth', 'status']), 0);
  expectText(status, alice.email);

  transcript.heading('Create a workspace, and list those that I may see');
  expectText(expectExit(await run(context, ['workspaces', 'create', 'first-light']), 0), 'first-light');
  expectText(expectExit(await run(context, ['workspaces', 'list']), 0), 'first-light');

  transcript.heading('Without a token the platform refuses');
  await request(context, workspaces, {}, 401);

  transcript.heading('A token that may only read is refused where something is written');
  const readOnly = ['--scope', 'openid offline_access platform:read'];
  expectExit(await run(context, [...password, ...readOnly], { input }), 0);
  const token = (await nemo(['auth', 'token'], context)).stdout.trim();
  const authorization = `Bearer ${token}`;
  await request(context, workspaces, { headers: { authorization } }, 200);
  const body = JSON.stringify({ name: 'not-allowed' });
  await request(
    context,
    workspaces,
    { method: 'POST', body, headers: { authorization, 'content-type': 'application/json' } },
    403,
  );

  transcript.heading('Sign out');
  expectExit(await run(context, ['auth', 'logout']), 0);
  expectExit(await run(context, ['auth', 'status']), 1);
}

async function run({ transcript, configFile, signal }, args, { onLine = () => {}, input } = {}) {
  const command = ['nemo', ...args.map(quoted)];
  transcript.command(input === undefined ? command : ['echo', input.trim(), '|', ...command]);
  const show = (line) => {
    transcript.line(line);
    onLine(line);
  };
  return { command: `nemo ${args.join(' ')}`, ...(await nemo(args, { configFile, signal, input, onLine: show })) };
}

async function deviceLogin(context, args, account) {
  const failure = new AbortController();
  let seen = '';
  let approving = false;
  const onLine = (line) => {
    seen += `${line}\n`;
    const prompt = devicePrompt(seen);
    if (approving || prompt === undefined) return;
    approving = true;
    approve(context, prompt, account).catch((error) => failure.abort(error));
  };
  const interruptible = { ...context, signal: AbortSignal.any([context.signal, failure.signal]) };
  const result = await run(interruptible, args, { onLine }).catch((error) => {
    throw failure.signal.aborted ? failure.signal.reason : error;
  });
  if (!approving) throw new Error(`${result.command} showed no address and code`);
  expectExit(result, 0);
}

async function approve({ FormBrowser, transcript }, { url, userCode }, { email, password }) {
  const text = await approveDeviceLogin(new FormBrowser(), url, { userCode, login: email, password });
  transcript.line(`   (browser: ${text.replaceAll(/\s+/g, ' ').trim()})`);
}

/** The address and the code, once the program has printed both. */
function devicePrompt(text) {
  const url = /https?:\/\/\S+\/device\S*/.exec(text)?.[0];
  const userCode = /\b[A-Z0-9]{4}-[A-Z0-9]{4}\b/.exec(text)?.[0];
  return url === undefined || userCode === undefined ? undefined : { url, userCode };
}

async function request({ transcript, signal }, url, init, expected) {
  const sentToken = init.headers?.authorization === undefined ? 'no token' : init.headers.authorization;
  transcript.line(`> ${init.method ?? 'GET'} ${new URL(url).pathname}   (${sentToken})`);
  const response = await fetch(url, { ...init, signal });
  transcript.response(response, await response.text());
  if (response.status !== expected) throw new Error(`expected HTTP ${expected}, got ${response.status}`);
}

function expectExit(result, expected) {
  if (result.code === expected) return result;
  throw new Error(`${result.command}: expected exit code ${expected}, got ${result.code}`);
}

function expectText({ command, stdout }, expected) {
  if (!stdout.includes(expected)) throw new Error(`${command}: expected "${expected}" in the output`);
}

function quoted(word) {
  return word.includes(' ') ? `'${word}'` : word;
}
