import type { Duplex } from 'node:stream';

/**
 * Requests that a connection has sent ahead, beyond what is worked on at a time. While there are any, nothing more is read
 * from it: nobody is made work for who does not take the answers.
 */
export class WaitingRequests {
  private readonly waiting = new WeakMap<Duplex, (() => void)[]>();

  /** @param begin is called when it is its turn; never, where the connection ends before. */
  add(socket: Duplex, begin: () => void): void {
    const waiting = this.waiting.get(socket) ?? [];
    this.waiting.set(socket, [...waiting, begin]);
    socket.pause();
  }

  /** Lets the first one begin, for another has been answered. */
  next(socket: Duplex): void {
    const [begin, ...others] = this.waiting.get(socket) ?? [];
    if (begin === undefined || socket.destroyed) return;
    if (others.length > 0) {
      this.waiting.set(socket, others);
    } else {
      this.waiting.delete(socket);
      socket.resume();
    }
    begin();
  }
}
