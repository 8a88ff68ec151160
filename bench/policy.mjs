// Measures the embedded policy engine, in CPU time, so that other programs on the machine matter less. Run as a program
// it prints the figures as JSON. Needs the built platform.
import { BindingIndex } from '../dist/policy/engine/binding-index.js';
import { EmbeddedPolicyEngine } from '../dist/policy/engine/embedded-policy-engine.js';
import { platformEndpoints } from '../dist/policy/engine/platform-endpoints.js';
import { readCompiledPolicy } from '../dist/policy/engine/policy-artefact.js';
import { readRoleCatalogue } from '../dist/policy/engine/role-files.js';
import { figureOf, median } from './figures.mjs';

const rounds = 7;
const callers = 500;
const wasm = readCompiledPolicy();
const roles = readRoleCatalogue();

const small = engineWith(1000, 0);
const large = engineWith(100_000, 0);
const cached = engineWith(1000, 10_000);

const uncachedMs = paired(
  () => decide(small.engine, small.questions),
  () => decide(large.engine, large.questions),
);
const cachedMs = paired(
  () => decide(cached.engine, cached.questions),
  () => decide(small.engine, small.questions),
);
console.log(
  JSON.stringify([
    figureOf('decisions on one core, 1,000 bindings', 'any', 1000 / uncachedMs.one, 'decisions/s'),
    figureOf('decision with 100,000 / with 1,000 bindings', 'any', uncachedMs.ratio, 'ratio'),
    figureOf('uncached / cached decision', 'any', cachedMs.ratio, 'ratio'),
    figureOf('one changed binding among 100,000', 'any', applyMs(), 'ms'),
    figureOf('100,000 bindings loaded', 'any', loadMs(), 'ms'),
  ]),
);

function engineWith(count, cachedDecisions) {
  const bindings = new BindingIndex(bindingsOf(count));
  const engine = new EmbeddedPolicyEngine({ wasm, roles, endpoints: platformEndpoints, bindings, cachedDecisions });
  return { bindings, engine, questions: questionsOf(count) };
}

function* bindingsOf(count) {
  const everybody = ['Viewer', 'WorkspaceCreator'];
  for (const role of everybody) yield { principal: '*', workspace: 'system', role };
  for (let index = everybody.length; index < count; index += 1) {
    yield { principal: `user-${index % (count / 4)}@example.com`, workspace: `ws-${index}`, role: 'Editor' };
  }
}

function questionsOf(count) {
  return Array.from({ length: callers }, (_, index) => {
    const user = (index * 7) % (count / 4);
    const caller = Object.freeze({
      kind: 'user',
      issuer: 'https://idp.example.com',
      id: `id-${user}`,
      email: `user-${user}@example.com`,
      groups: Object.freeze(['team-ml', 'everyone']),
      scopes: Object.freeze(['openid', 'profile', 'email', 'platform:read', 'platform:write']),
    });
    const workspace = `ws-${index % 2 === 0 ? user + count / 4 : user + 1}`;
    return { caller, method: 'GET', path: `/apis/entities/v2/workspaces/${workspace}` };
  });
}

function decide(engine, questions) {
  for (const question of questions) engine.allow(question);
  return questions.length;
}

/** CPU milliseconds of one of each, the medians, and the median of the ratios of each round. */
function paired(one, other) {
  const measured = [];
  for (let warming = 0; warming < 20; warming += 1) {
    one();
    other();
  }
  for (let round = 0; round < rounds; round += 1) measured.push([cpuMs(one), cpuMs(other)]);
  return {
    one: median(measured.map(([ms]) => ms)),
    other: median(measured.map(([, ms]) => ms)),
    ratio: median(measured.map(([ms, otherMs]) => otherMs / ms)),
  };
}

function cpuMs(work) {
  const before = process.cpuUsage();
  let done = 0;
  let spent = 0;
  // The clock of the processor ticks in microseconds, some systems' in milliseconds.
  while (spent < 150) {
    done += work();
    const { user, system } = process.cpuUsage(before);
    spent = (user + system) / 1000;
  }
  return spent / done;
}

function applyMs() {
  const { bindings } = large;
  let worst = 0;
  for (let index = 0; index < 1000; index += 1) {
    const startedAt = performance.now();
    bindings.apply({ principal: `new-${index}@example.com`, workspace: 'ws-1', role: 'Admin', isGranted: true });
    worst = Math.max(worst, performance.now() - startedAt);
  }
  return worst;
}

function loadMs() {
  const startedAt = performance.now();
  const index = new BindingIndex(bindingsOf(100_000));
  return index.revision === 0 ? performance.now() - startedAt : 0;
}
