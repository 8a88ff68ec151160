import type { Clock, IssuerKeys } from '@nmp/auth';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { PoolUse } from '../storage/storage.js';
import type { PolicyDataMetrics } from './policy-data-metrics.js';

/** What is looked at when somebody asks. */
export interface ObservedParts {
  readonly keys: Pick<IssuerKeys, 'states'>;
  readonly policyData: Pick<PolicyDataMetrics, 'readAt'>;
  /** The connections to the database; `undefined` when it is embedded. */
  readonly pool: (() => PoolUse) | undefined;
  /** How many requests are being worked on. */
  readonly pendingRequests: () => number;
  readonly clock: Clock;
}

/** Says how it is with keys, policy data and connections at the moment of the question. */
export function registerStateMetrics(registry: Registry, parts: ObservedParts): void {
  const { keys, policyData, pool, pendingRequests, clock } = parts;
  const registers = [registry];
  const ageOf = (at: Date): number => Math.max(0, clock.now().getTime() - at.getTime()) / 1000;
  const ofKeys = (name: string, help: string, value: (state: KeysState) => number | undefined): void => {
    const gauge: Gauge<'issuer' | 'kind'> = new Gauge({
      name,
      help,
      labelNames: ['issuer', 'kind'],
      registers,
      collect() {
        gauge.reset();
        for (const state of keys.states()) {
          const known = value(state);
          if (known !== undefined) gauge.set({ issuer: state.issuer, kind: state.kind }, known);
        }
      },
    });
  };
  ofKeys('nmp_auth_keys_usable', 'Whether tokens of the issuer can be verified (1 or 0).', ({ isUsable }) =>
    Number(isUsable),
  );
  ofKeys('nmp_auth_keys', 'Keys that are held of the issuer.', ({ keyCount }) => keyCount);
  ofKeys('nmp_auth_keys_age_seconds', 'Time since the keys of the issuer were fetched.', ({ fetchedAt }) =>
    fetchedAt === undefined ? undefined : ageOf(fetchedAt),
  );
  registerFetches(registry, keys);
  const age: Gauge = new Gauge({
    name: 'nmp_policy_data_age_seconds',
    help: 'Time since the role bindings in memory were as those in the database.',
    registers,
    collect() {
      if (policyData.readAt !== undefined) age.set(ageOf(policyData.readAt));
    },
  });
  const pending: Gauge = new Gauge({
    name: 'nmp_http_requests_pending',
    help: 'Requests that are being worked on.',
    registers,
    collect: () => pending.set(pendingRequests()),
  });
  if (pool !== undefined) registerPool(registry, pool);
}

type KeysState = ReturnType<IssuerKeys['states']>[number];

/** They are counted where they are made. */
function registerFetches(registry: Registry, keys: Pick<IssuerKeys, 'states'>): void {
  const fetches: Counter<'issuer' | 'kind' | 'outcome'> = new Counter({
    name: 'nmp_auth_key_fetches_total',
    help: 'How often the keys of the issuer were asked for.',
    labelNames: ['issuer', 'kind', 'outcome'],
    registers: [registry],
    collect() {
      fetches.reset();
      for (const { issuer, kind, fetches: all, failedFetches } of keys.states()) {
        fetches.inc({ issuer, kind, outcome: 'ok' }, all - failedFetches);
        fetches.inc({ issuer, kind, outcome: 'failed' }, failedFetches);
      }
    },
  });
}

function registerPool(registry: Registry, pool: () => PoolUse): void {
  const connections: Gauge<'state'> = new Gauge({
    name: 'nmp_database_connections',
    help: 'Connections to the database: in use, idle; waiting: requests for one that have to wait.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const { inUse, idle, waiting } = pool();
      connections.set({ state: 'in_use' }, inUse);
      connections.set({ state: 'idle' }, idle);
      connections.set({ state: 'waiting' }, waiting);
    },
  });
}
