import { equal, ok } from 'node:assert/strict';

/**
 * What a message brings, and what becomes of it: the columns of the table that is printed. A refusal has its code and its
 * status, says whether to try again, and has called no handler.
 */
export const verdictSteps = {
  'no token': (line) => refused(line, 'missing_token', 401, []),

  'bad signature': async (line) => {
    const { issuer, foreignKey } = line.world;
    const key = foreignKey.renamed(issuer.signingKey.kid);
    await refused(line, 'token_signature', 401, [await line.world.bearer({ key })]);
  },

  expired: async (line) => {
    await refused(line, 'token_expired', 401, [await line.world.bearer({ expiresInSeconds: -600 })]);
  },

  'wrong audience': async (line) => {
    await refused(line, 'token_audience', 401, [await line.world.bearer({ audience: 'another-api' })]);
  },

  'missing scope': async (line) => {
    const reading = await line.world.bearer({ scope: 'openid platform:read' });
    const error = await line.refused('insufficient_scope', line.patterns.train, [reading]);
    equal(error.statusCode, 403);
    await line.answered(line.patterns.whoami, [reading]);
  },

  'issuer unreachable': async (line) => {
    const error = await refused(line, 'issuer_unavailable', 503, [
      ['authorization', `Bearer ${line.world.tokenOfNobody}`],
    ]);
    ok(error.retryAfterSeconds > 0, 'nobody says when to try again');
  },

  good: async (line) => {
    const bearer = await line.world.bearer({ subject: 'alice', email: 'alice@example.com', groups: ['team-ml'] });
    const { caller, arrival } = await line.answered(line.patterns.train, [bearer]);
    equal(caller.id, 'alice');
    equal(caller.email, 'alice@example.com');
    equal(arrival.principal.kind, 'user');
  },
};

/**
 * Prints a row for each broker that was tried, and a column for each verdict.
 *
 * @param {readonly import('../../../scripts/process/tally.mjs').Part[]} parts
 */
export function printVerdicts(parts) {
  const columns = Object.keys(verdictSteps);
  const width = Math.max(...parts.map(({ name }) => name.length), 'transport'.length);
  console.log(`\n  ${['transport'.padEnd(width), ...columns].join('  ')}`);
  for (const { name, checks } of parts) {
    const signs = columns.map((column) => {
      const result = checks.find((check) => check.name === column)?.result;
      return ({ passed: '✓', failed: '✗' }[result] ?? '–').padEnd(column.length);
    });
    console.log(`  ${[name.padEnd(width), ...signs].join('  ').trimEnd()}`);
  }
}

async function refused(line, code, statusCode, headers) {
  const error = await line.refused(code, line.patterns.whoami, headers);
  equal(error.statusCode, statusCode);
  equal(error.status, 'error');
  equal(typeof error.detail, 'string');
  return error;
}
