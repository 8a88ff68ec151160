import { Socket } from 'node:net';

/** The sockets to a database server, which can be ended without a word from it. */
export class DatabaseSockets {
  private readonly sockets = new Set<Socket>();

  /** Makes one, not connected yet, as the driver wants it. */
  readonly open = (): Socket => {
    const socket = new Socket();
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    return socket;
  };

  destroy(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}
