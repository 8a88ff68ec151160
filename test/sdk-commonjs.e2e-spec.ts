import { execFile } from 'node:child_process';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..');

describe('the built SDK in a CommonJS program', () => {
  let server: Server;
  let baseUrl: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      const pagination = { page: 1, page_size: 100, total_results: 1, total_pages: 1, current_page_size: 1 };
      const data = [{ name: request.headers.authorization }];
      response.end(JSON.stringify({ data, pagination, sort: '-created_at', filter: {} }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const run = async (program: string): Promise<{ stdout: string; stderr: string }> => {
    const env = { PATH: process.env['PATH'] ?? '', NMP_BASE_URL: baseUrl, NMP_ACCESS_TOKEN: 'token' };
    return promisify(execFile)(process.execPath, ['--input-type=commonjs', '--eval', program], { cwd: root, env });
  };

  it('is required, pages through a list and tells its errors by class', async () => {
    const { stdout } = await run(`
      const { NeMoPlatform, UnexpectedAnswerError } = require('@nmp/sdk');
      (async () => {
        const client = new NeMoPlatform();
        for await (const workspace of client.workspaces.list()) console.log(workspace.name);
        await client.auth.whoami().catch((error) => console.log(error instanceof UnexpectedAnswerError));
      })();
    `);
    expect(stdout).toBe('Bearer token\ntrue\n');
  });

  it('is the same whether it is required or imported', async () => {
    const { stdout } = await run(`
      const required = require('@nmp/sdk');
      import('@nmp/sdk').then((imported) => console.log(required.NeMoPlatform === imported.NeMoPlatform));
    `);
    expect(stdout).toBe('true\n');
  });
});
