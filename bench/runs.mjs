import { openRouteOf } from './comparison.mjs';
import { peers } from './peers.mjs';

/**
 * What is put under load, by name: an application, and the tokens that the requests bring.
 *
 * @typedef {{ application: { directory?: string, name: string, given: object }, tokensFile: string, token: string }} Run
 * @typedef {Awaited<ReturnType<import('./given.mjs').prepare>>} Given
 */

/**
 * The module's own, each application guarded or not, and one with nothing but a signature check.
 *
 * @param {string} adapter
 * @param {Given} given
 * @returns {Record<string, Run>}
 */
export function ownRuns(adapter, { RS256, ES256 }) {
  const open = { name: 'open', given: { adapter } };
  const guarded = (name, { algorithm, issuer, jwksUri, tokens }) => ({
    name,
    given: { adapter, algorithm, issuer, jwksUri, tokens },
  });
  return {
    open: run(open, RS256, RS256.one),
    warm: run(guarded('remembered', RS256), RS256, RS256.one),
    many: run(guarded('remembered', RS256), RS256, RS256.many),
    authorized: run(guarded('authorized', RS256), RS256, RS256.one),
    ...Object.fromEntries(
      [RS256, ES256].flatMap((of) => [
        [`open, ${of.algorithm}`, run(open, of, of.many)],
        [`cold, ${of.algorithm}`, run(guarded('cold', of), of, of.many)],
        [`raw, ${of.algorithm}`, run(guarded('raw', of), of, of.many)],
      ]),
    ),
  };
}

/**
 * The peers', and the open routes of those that have one of their own.
 *
 * @param {string} adapter
 * @param {Given} given
 * @returns {Record<string, Run>}
 */
export function peerRuns(adapter, { RS256, ES256, keycloak }) {
  const offered = peers.filter(({ adapters }) => adapters.includes(adapter));
  return Object.fromEntries(
    offered.flatMap((peer) =>
      [RS256, ES256]
        .filter(({ algorithm }) => peer.algorithms.includes(algorithm))
        .map((of) => (peer.ofKeycloak ? keycloak : of))
        .flatMap((of) => runsOf(peer, adapter, of)),
    ),
  );
}

function runsOf({ name, directory }, adapter, of) {
  const { algorithm, issuer, jwksUri, tokens, authServerUrl, realm, clientId } = of;
  if (directory === undefined) {
    const given = { adapter, algorithm, issuer, jwksUri, tokens };
    return [[`${name}, ${algorithm}`, run({ name, given }, of, of.many)]];
  }
  const open = { directory, name: 'open', given: { adapter } };
  const guarded = { directory, name: 'guarded', given: { adapter, issuer, authServerUrl, realm, clientId } };
  return [
    [openRouteOf(name, algorithm), run(open, of, of.many)],
    [`${name}, ${algorithm}`, run(guarded, of, of.many)],
  ];
}

function run(application, { token }, tokensFile) {
  return { application, tokensFile, token };
}
