/** Told what transactions of any instance say. */
export interface NotificationListener {
  /** What was said, in the order in which the transactions were committed. */
  message(payload: string): void;
  /** Hears again after a break, in which messages may have been lost. */
  resumed(): void;
}

/** Carries messages from committed transactions to every instance of the platform. */
export interface Notifications {
  /**
   * Listens on a channel, a lower-case name, until the storage is closed. Rejects when listening cannot begin; a
   * connection that breaks afterwards is made again for as long as it takes.
   */
  listen(channel: string, listener: NotificationListener): Promise<void>;

  /** How many processes listen, this one included. */
  countListeners(): Promise<number>;
}
