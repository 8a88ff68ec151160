import type { AuthEvents } from '../events/auth-events.js';
import type { KeySetEvents } from './key-set-events.js';

/** Tells a log and the listeners of an application what happens to the keys of its issuers. */
export function keySetReports(events: AuthEvents, log: KeySetEvents): KeySetEvents {
  return {
    refreshed: (issuer, keys) => {
      log.refreshed(issuer, keys);
      events.emit({ type: 'keys-refreshed', issuer, ...keys });
    },
    unavailable: (issuer, reason) => {
      log.unavailable(issuer, reason);
      events.emit({ type: 'issuer-unavailable', issuer, reason });
    },
    recovered: (issuer) => {
      log.recovered(issuer);
      events.emit({ type: 'issuer-recovered', issuer });
    },
    privateKeysPublished: (issuer) => log.privateKeysPublished(issuer),
  };
}
