import { Client, escapeIdentifier } from 'pg';
import { DatabaseSockets } from './database-sockets.js';
import { GuardedListener } from './guarded-listener.js';
import type { NotificationListener, Notifications } from './notifications.js';

const RETRY_AFTER_MS = 500;
const KEEP_ALIVE_MS = 10_000;

/** How the connections that listen are called in `pg_stat_activity`, so that instances can count each other. */
const LISTENER_NAME = 'nmp-platform-listener';

/** Listens by a connection of its own, for a pool hands out another one each time. */
export class PostgresNotifications implements Notifications {
  private readonly listeners = new Map<string, NotificationListener>();
  private client: Client | undefined;
  private connecting: Promise<void> | undefined;
  private retry: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(
    private readonly databaseUrl: string,
    private readonly connectTimeoutMs: number,
    private readonly warn: (line: string) => void = () => undefined,
    private readonly sockets = new DatabaseSockets(),
  ) {}

  async listen(channel: string, listener: NotificationListener): Promise<void> {
    this.listeners.set(channel, new GuardedListener(channel, listener, this.warn));
    if (this.client === undefined) {
      // Several who begin at the same time share the connection.
      this.connecting ??= this.connect().finally(() => {
        this.connecting = undefined;
      });
      await this.connecting;
    }
    await this.client?.query(listenTo(channel));
  }

  async countListeners(): Promise<number> {
    const { client } = this;
    if (client === undefined) throw new Error('not connected to the database');
    const { rows } = await client.query<{ count: number }>(
      'select count(*)::int as count from pg_stat_activity where datname = current_database() and application_name = $1',
      [LISTENER_NAME],
    );
    return rows[0]?.count ?? 0;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.retry);
    await this.client?.end();
  }

  private async connect(): Promise<void> {
    const client = new Client({
      connectionString: this.databaseUrl,
      stream: this.sockets.open,
      connectionTimeoutMillis: this.connectTimeoutMs,
      application_name: LISTENER_NAME,
      // A server that vanished without a word is noticed by it; nothing else is ever sent on this connection.
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    });
    client.on('notification', ({ channel, payload = '' }) => this.listeners.get(channel)?.message(payload));
    client.on('error', () => undefined); // 'end' follows
    try {
      await client.connect();
      for (const channel of this.listeners.keys()) await client.query(listenTo(channel));
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    client.once('end', () => this.reconnect());
    this.client = client;
    if (this.isClosed) await client.end();
  }

  private reconnect(): void {
    if (this.isClosed) return;
    this.client = undefined;
    this.retry = setTimeout(() => void this.resume(), RETRY_AFTER_MS);
  }

  private async resume(): Promise<void> {
    try {
      await this.connect();
      for (const listener of this.listeners.values()) listener.resumed();
    } catch {
      this.reconnect(); // the server is not there yet
    }
  }
}

function listenTo(channel: string): string {
  return `listen ${escapeIdentifier(channel)}`;
}
