import { nemo } from '../../scripts/quickstart/nemo.mjs';

/**
 * Starts a sign-in by device flow on the command line; `prompt` settles when it has shown the address and the code
 * – and, if the provider has one, the address with the code in it –, `result` when it has ended.
 *
 * @param {{ platformUrl: string, configFile: string, args?: readonly string[], env?: NodeJS.ProcessEnv, signal?: AbortSignal }} login
 */
export function startLogin({ platformUrl, configFile, args = [], env, signal }) {
  let seen = '';
  let show;
  const shown = new Promise((resolve) => {
    show = resolve;
  });
  const onLine = (line) => {
    seen += `${line}\n`;
    const url = /^Open this page: +(\S+)$/m.exec(seen)?.[1];
    const userCode = /^Enter this code: +(\S+)$/m.exec(seen)?.[1];
    const completeUrl = /^Or, with the code filled in .*?: (\S+)$/m.exec(seen)?.[1];
    // What comes after all of it.
    if (url && userCode && /^Waiting until/m.test(seen)) show({ url, completeUrl, userCode });
  };
  const command = ['auth', 'login', '--no-browser', '--base-url', platformUrl, ...args];
  const result = nemo(command, { configFile, env, onLine, signal });
  const ended = result.then(({ code }) => {
    throw new Error(`the command ended with exit code ${code} before it showed a code:\n${seen}`);
  });
  const prompt = Promise.race([shown, ended]);
  // Looked at by nobody once the code was shown.
  ended.catch(() => {});
  return { prompt, result };
}

/**
 * Starts a sign-in with the browser of this machine, in which nothing opens; `page` settles with the address to open,
 * `result` when it has ended.
 *
 * @param {{ platformUrl: string, configFile: string, args?: readonly string[], env?: NodeJS.ProcessEnv }} login
 */
export function startBrowserLogin({ platformUrl, configFile, args = [], env }) {
  let show;
  const shown = new Promise((resolve) => {
    show = resolve;
  });
  const onLine = (line) => {
    const url = /^Sign in on this page, .*?: (\S+)$/.exec(line)?.[1];
    if (url) show(url);
  };
  const noBrowser = { BROWSER: '/bin/true', DISPLAY: '', WAYLAND_DISPLAY: '' };
  const command = ['auth', 'login', '--browser', '--base-url', platformUrl, ...args];
  const result = nemo(command, { configFile, env: { ...env, ...noBrowser }, onLine });
  const ended = result.then(({ code, stderr }) => {
    throw new Error(`the command ended with exit code ${code} before it showed a page:\n${stderr}`);
  });
  ended.catch(() => {});
  return { page: Promise.race([shown, ended]), result };
}
