// What any program does with the SDK, without a stored sign-in: run by other runtimes than Node.
import { createServer } from 'node:http';
import { NeMoPlatform, NotFoundError } from '@nmp/sdk';

const server = createServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  const { searchParams, pathname } = new URL(request.url, 'http://localhost');
  if (!pathname.endsWith('/workspaces')) {
    response.statusCode = 404;
    response.end(JSON.stringify({ statusCode: 404, error: 'Not Found', code: 'not_found', detail: 'There is none' }));
    return;
  }
  const page = Number(searchParams.get('page'));
  const pagination = { page, page_size: 1, total_results: 2, total_pages: 2, current_page_size: 1 };
  const data = [{ name: `${request.headers.authorization} ${page}` }];
  response.end(JSON.stringify({ data, pagination, sort: '-created_at', filter: {} }));
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

const client = new NeMoPlatform({
  baseUrl: `http://127.0.0.1:${server.address().port}`,
  accessToken: 'token',
  env: {},
});
for await (const workspace of client.workspaces.list()) console.log(workspace.name);
const error = await client.workspaces.get('nowhere').catch((reason) => reason);
console.log(error instanceof NotFoundError, error.status, error.code);
process.exit();
