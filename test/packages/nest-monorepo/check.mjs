import { deepStrictEqual } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { TestIssuer } from '@nmp/auth/testing';

const issuer = await TestIssuer.start({ clientId: 'nmp-cli', audience: 'shop' });
const running = [];
try {
  const orders = await start('orders');
  const reports = await start('reports');
  const token = await issuer.accessToken({ email: 'alice@example.com', scope: 'orders:read' });
  deepStrictEqual(
    {
      open: [await status(`${orders}/health`), await status(`${reports}/health`)],
      withoutToken: [await status(`${orders}/orders`), await status(`${reports}/reports`)],
      withToken: [await status(`${orders}/orders`, token), await status(`${reports}/reports`, token)],
    },
    { open: [200, 200], withoutToken: [401, 401], withToken: [200, 403] },
  );
} finally {
  for (const app of running) app.kill();
  await issuer.close();
}

/** Starts what was built, and waits for its address. */
async function start(name) {
  const env = { ...process.env, OIDC_ISSUER: issuer.issuer };
  const app = spawn(process.execPath, [`dist/apps/${name}/main.js`], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  running.push(app);
  const ended = once(app, 'exit').then(([code]) => {
    throw new Error(`${name} ended with exit code ${code}`);
  });
  const [line] = await Promise.race([once(app.stdout, 'data'), ended]);
  return String(line).trim();
}

async function status(url, token) {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return (await fetch(url, { headers })).status;
}
