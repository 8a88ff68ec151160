import { randomUUID } from 'node:crypto';
import { Client } from 'pg';

/** A server that tests may make databases on; without it they keep their data in memory. */
const server = process.env.NMP_TEST_DATABASE_URL;

/** The URL of a database of its own for one test; `undefined` when there is no server. */
export async function freshDatabase(): Promise<string | undefined> {
  if (server === undefined) return undefined;
  const name = `nmp_${randomUUID().replaceAll('-', '')}`;
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
  const url = new URL(server);
  url.pathname = name;
  return url.href;
}
