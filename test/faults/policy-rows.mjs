import { equal, ok } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FaultyOpa } from './faulty-opa.mjs';
import { FaultyPlatform } from './faulty-platform.mjs';

const requestTimeoutSeconds = 0.5;

/**
 * @typedef {object} PolicyStage
 * @property {FaultyOpa} opa
 * @property {FaultyPlatform} platform
 * @property {ReturnType<FaultyPlatform['as']>} alice
 */

/** The platform with a decision point outside. */
export async function withOpa(issuer, work) {
  const directory = mkdtempSync(join(tmpdir(), 'nmp-faults-'));
  const opa = await FaultyOpa.start();
  let platform;
  try {
    const env = {
      NMP_AUTH_POLICY_DECISION_POINT_PROVIDER: 'opa',
      NMP_AUTH_POLICY_DECISION_POINT_BASE_URL: opa.url,
      NMP_AUTH_POLICY_DECISION_POINT_REQUEST_TIMEOUT_SECONDS: String(requestTimeoutSeconds),
      NMP_AUTH_PROPAGATION_POLL_INTERVAL_SECONDS: '0.5',
    };
    platform = await FaultyPlatform.start({ directory, issuer: issuer.issuer, env });
    const as = async (name) =>
      platform.as(await issuer.accessToken({ audience: 'nmp-platform', subject: name, email: `${name}@example.com` }));
    await work({ opa, platform, alice: await as('alice'), bob: await as('bob') });
  } finally {
    await platform?.end('SIGKILL');
    await opa.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @type {Record<string, (stage: PolicyStage, given: { isShort: boolean }) => Promise<import('./fault-table.mjs').Finding>>} */
export const policyRows = {
  'the decision point hangs': async (stage) => {
    const ms = await refuses(stage, () => undefined, '504 policy_timeout');
    return found(
      `504 policy_timeout after ${ms} ms (policy_decision_point_request_timeout_seconds is ${requestTimeoutSeconds})`,
    );
  },
  'it answers wrongly': async (stage) => {
    const wrong = [
      { status: 500, body: {} },
      { body: {} },
      { body: { result: { allowed: 'true' } } },
      { body: { result: true } },
      { body: '{"result":{"allowed":tr' },
      { body: '<html>' },
      { body: { result: { allowed: true }, pad: 'x'.repeat(100_000) } },
      { status: 302, body: { result: { allowed: true } } },
    ];
    for (const answer of wrong) await refuses(stage, () => answer, '503 policy_unavailable');
    return found(`503 policy_unavailable (${wrong.length} kinds of answers), never what was asked for`);
  },
  'it decides by an old bundle': oldBundle,
};

/** Nobody passes, and everybody does when it works again. @returns how long an answer took */
async function refuses({ opa, alice }, decide, expected) {
  opa.decide = decide;
  const startedAt = performance.now();
  const answer = await alice.workspaces('POST', '', { name: 'not-decided' });
  const ms = Math.round(performance.now() - startedAt);
  equal(`${answer.status} ${(await answer.json()).code}`, expected);
  opa.recover();
  const { data } = await (await alice.workspaces('GET')).json();
  ok(!data.some(({ name }) => name === 'not-decided'), 'it was done although nobody had allowed it');
  return ms;
}

/** What it does not know yet it does not allow; what it still allows, the platform's own roles do not. */
async function oldBundle({ opa, alice, bob }, { isShort }) {
  equal((await alice.workspaces('POST', '', { name: 'shared' })).status, 201);
  opa.decide = ({ role }) => ({ body: { result: { allowed: true, has_role: role !== 'Editor' } } });
  equal((await bob.workspaces('GET', '/shared')).status, 403);
  equal((await bob.workspaces('DELETE', '/shared')).status, 403);
  if (!isShort) {
    const added = await alice.workspaces('POST', '/shared/members?wait_role_propagation=true', {
      principal: 'bob@example.com',
    });
    equal(added.status, 201);
    equal((await added.json()).role_propagation_confirmed, false);
  }
  opa.decide = () => ({ body: { result: { allowed: false, has_role: false } } });
  equal((await alice.workspaces('GET', '/shared')).status, 403);
  opa.recover();
  equal((await alice.workspaces('GET', '/shared')).status, 200);
  return {
    saw: `403 for what either the bundle or the roles in the database do not allow${isShort ? '' : '; role_propagation_confirmed: false'}`,
    lasted: 'until it has loaded the bundle',
    recovered: 'all of it',
    lost: 'nothing',
  };
}

function found(saw) {
  return { saw, lasted: 'until it answers', recovered: 'all of it, with the next request', lost: 'nothing' };
}
