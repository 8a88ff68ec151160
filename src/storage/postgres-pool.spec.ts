import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { Database } from './database.js';
import { isDatabaseAway } from './database-away.js';
import { DatabaseSockets } from './database-sockets.js';
import { defaultPatience, pooledDatabase, type PostgresPatience, postgresPool } from './postgres-pool.js';

/** What the server does about a statement: answers it, ends the connection, or nothing. */
type Reaction = 'answer' | 'end' | 'silence';

const connections = 10;
let server: Server;
let reactTo: (statement: string) => Reaction;
let statements: string[];
/** Whether the server does not hear that a connection is to end. */
let isDeaf: boolean;
let pool: Pool;
let database: Database;

beforeEach(async () => {
  statements = [];
  isDeaf = false;
  reactTo = () => 'answer';
  server = createServer({ allowHalfOpen: true }, serve).listen(0, '127.0.0.1');
  await once(server, 'listening');
  connect({ connectMs: 60_000, answerMs: 60_000 });
});

afterEach(async () => {
  reactTo = () => 'answer';
  await pool.end();
  server.close();
});

describe('connections to a PostgreSQL server', () => {
  it('that end in the middle of a transaction fail it, and nothing else', async () => {
    reactTo = (statement) => (statement === 'select 1' ? 'end' : 'answer');
    expect(await failure(() => database.transaction((own) => own.execute(sql`select 1`)))).toBe(true);
    await database.execute(sql`select 2`);
  });

  it('that end while a transaction does something else do not end the process', async () => {
    const transaction = database.transaction(async (own) => {
      await Promise.all([...sockets].map((socket) => once(socket.destroy(), 'close')));
      await own.execute(sql`select 1`);
    });
    expect(await failure(() => transaction)).toBe(true);
    await database.execute(sql`select 2`);
  });

  it('on which no transaction could begin are given back', async () => {
    reactTo = (statement) => (statement === 'begin' ? 'end' : 'answer');
    for (let time = 0; time < connections + 1; time += 1) {
      expect(await failure(() => database.transaction(() => Promise.resolve()))).toBe(true);
    }
    reactTo = () => 'answer';
    await database.transaction((own) => own.execute(sql`select 1`));
  });

  it.each(['begin', 'select 1', 'commit'])(
    'that say nothing to "%s" are given up, and used by nobody else',
    async (one) => {
      connect({ connectMs: 60_000, answerMs: 50 });
      reactTo = (statement) => (statement === one ? 'silence' : 'answer');
      for (let time = 0; time < connections + 1; time += 1) {
        expect(await failure(() => database.transaction((own) => own.execute(sql`select 1`)))).toBe(true);
      }
      reactTo = () => 'answer';
      // On a busy machine an answer may come too late.
      while (await failure(() => database.transaction((own) => own.execute(sql`select 1`)))) continue;
    },
  );

  it('can be ended without a word from the server', async () => {
    const ownSockets = new DatabaseSockets();
    const own = postgresPool(urlOf(server), defaultPatience, ownSockets);
    await own.query('select 2');
    isDeaf = true;
    const ending = own.end();
    ownSockets.destroy();
    await ending;
    expect(own.totalCount).toBe(0);
  });

  it('are kept after a transaction that its own work has failed', async () => {
    for (let time = 0; time < 3; time += 1) {
      await expect(database.transaction(() => Promise.reject(new Error('a conflict')))).rejects.toThrow('a conflict');
    }
    expect(statements).toEqual(['begin', 'rollback', 'begin', 'rollback', 'begin', 'rollback']);
    expect([pool.totalCount, pool.idleCount]).toEqual([1, 1]);
  });
});

function connect(patience: PostgresPatience): void {
  pool = postgresPool(urlOf(server), patience);
  database = pooledDatabase(pool);
}

function urlOf(server: Server): string {
  const { port } = server.address() as AddressInfo; // it listens on a port
  return `postgres://nmp@127.0.0.1:${port}/nmp`;
}

const sockets = new Set<Socket>();

/** As much of the protocol as it takes. @see https://www.postgresql.org/docs/current/protocol-flow.html */
function serve(socket: Socket): void {
  let isStarted = false;
  sockets.add(socket);
  socket.on('error', () => undefined);
  socket.on('end', () => isDeaf || socket.end());
  socket.on('close', () => sockets.delete(socket));
  socket.on('data', (data) => {
    if (!isStarted) {
      isStarted = true;
      socket.write(Buffer.concat([message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))]));
    } else if (data[0] === 'Q'.charCodeAt(0)) {
      answer(socket, data.toString('utf8', 5, data.length - 1));
    } else if (!isDeaf) {
      socket.end();
    }
  });
}

function answer(socket: Socket, statement: string): void {
  statements.push(statement);
  const reaction = reactTo(statement);
  if (reaction === 'end') socket.destroy();
  if (reaction !== 'answer') return;
  const status = ['commit', 'rollback', 'select 2'].includes(statement) ? 'I' : 'T';
  socket.write(Buffer.concat([message('C', Buffer.from('OK\0')), message('Z', Buffer.from(status))]));
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** Whether it failed because the database was away. */
async function failure(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return false;
  } catch (error) {
    if (!isDatabaseAway(error)) throw error;
    return true;
  }
}
