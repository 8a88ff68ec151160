import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { type ObservedParts, registerStateMetrics } from './state-metrics.js';

const now = new Date('2030-01-01T00:10:00Z');
const key = { issuer: 'https://idp.example.com', kind: 'access' as const };
const labels = 'issuer="https://idp.example.com",kind="access"';

describe('the state of the service', () => {
  it('has the keys of each issuer, and their age', async () => {
    const state = {
      isUsable: true,
      keyCount: 2,
      fetchedAt: new Date('2030-01-01T00:00:00Z'),
      fetches: 5,
      failedFetches: 2,
    };
    const text = await textOf({ keys: { states: () => [{ ...key, ...state }] } });
    for (const line of [
      `nmp_auth_keys_usable{${labels}} 1`,
      `nmp_auth_keys{${labels}} 2`,
      `nmp_auth_keys_age_seconds{${labels}} 600`,
      `nmp_auth_key_fetches_total{${labels},outcome="ok"} 3`,
      `nmp_auth_key_fetches_total{${labels},outcome="failed"} 2`,
    ]) {
      expect(text).toContain(line);
    }
  });

  it('has no age for keys that were never had', async () => {
    const state = { isUsable: false, keyCount: 0, fetches: 1, failedFetches: 1 };
    const text = await textOf({ keys: { states: () => [{ ...key, ...state }] } });
    expect(text).toContain(`nmp_auth_keys_usable{${labels}} 0`);
    expect(text).not.toContain('nmp_auth_keys_age_seconds{');
  });

  it('has the age of the role bindings, which is never less than nothing', async () => {
    const readAt = new Date('2030-01-01T00:09:30Z');
    expect(await textOf({ policyData: { readAt } })).toContain('nmp_policy_data_age_seconds 30');
    const later = new Date('2030-01-01T00:11:00Z');
    expect(await textOf({ policyData: { readAt: later } })).toContain('nmp_policy_data_age_seconds 0');
  });

  it('has the connections to the database, where there are any', async () => {
    const text = await textOf({ pool: () => ({ inUse: 3, idle: 2, waiting: 1 }) });
    for (const line of ['{state="in_use"} 3', '{state="idle"} 2', '{state="waiting"} 1']) {
      expect(text).toContain(`nmp_database_connections${line}`);
    }
    expect(await textOf({})).not.toContain('nmp_database_connections');
  });

  it('has the requests under way', async () => {
    expect(await textOf({})).toContain('nmp_http_requests_pending 7');
  });

  it('is that of the moment in which it is asked for', async () => {
    let inUse = 0;
    const registry = registryOf({ pool: () => ({ inUse, idle: 0, waiting: 0 }) });
    await registry.metrics();
    inUse = 4;
    expect(await registry.metrics()).toContain('nmp_database_connections{state="in_use"} 4');
  });
});

function textOf(parts: Partial<ObservedParts>): Promise<string> {
  return registryOf(parts).metrics();
}

function registryOf(parts: Partial<ObservedParts>): Registry {
  const registry = new Registry();
  const nothing = { keys: { states: () => [] }, policyData: { readAt: undefined }, pool: undefined };
  const pendingRequests = (): number => 7;
  registerStateMetrics(registry, { ...nothing, pendingRequests, clock: { now: () => now }, ...parts });
  return registry;
}
