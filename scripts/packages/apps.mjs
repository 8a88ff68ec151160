import { runNode } from '../process/run-node.mjs';
import { succeed } from '../process/succeed.mjs';
import { requireAbsent } from './absent.mjs';
import { nestAddSteps, withFastifyAndConfig, withOwnTest } from './nest-add.mjs';
import { runSignedIn } from './sdk-scripts.mjs';

/**
 * @typedef {object} App a project that uses the packages as a stranger would
 * @property {string} title
 * @property {string} fixture folder of `test/packages`
 * @property {string} [sources] folder of `test/packages` that is its `src`
 * @property {readonly string[]} packages that it installs; those that they need come along
 * @property {boolean} [isQuiet] whether npm must have nothing to say about what it installs
 * @property {Record<string, (directory: string) => Promise<unknown>>} steps what must succeed there, in this order
 */

const library = ['@nmp/tokens', '@nmp/auth'];
const client = ['@nmp/tokens', '@nmp/sdk', '@nmp/cli', '@nmp/dev-idp'];
const everything = [...library, ...client.slice(1)];

const compiled = { 'tsc compiles it, library types included': node('node_modules/typescript/bin/tsc') };
const guardsRoutes = { 'its guarded route answers 200, 401 and 403': node('dist/check.js') };
const alone = { 'it has no package of any other transport than HTTP': requireAbsent };
const guardsTransports = {
  'a guarded microservice answers and refuses, alone and beside HTTP': node('dist/messages.js'),
  'handshakes of socket.io and ws are accepted and refused': node('dist/sockets.js'),
  'GraphQL queries are answered and refused': node('dist/graphql.js'),
  'verifications are spans of OpenTelemetry': node('dist/traces.js'),
};

/** @type {readonly App[]} */
export const apps = [
  {
    title: 'Nest 12, ES modules, Express',
    fixture: 'nest-12-esm',
    sources: 'app',
    packages: library,
    isQuiet: true,
    steps: { ...alone, ...compiled, ...guardsRoutes },
  },
  {
    title: 'Nest 12, Fastify',
    fixture: 'nest-12-fastify',
    sources: 'app',
    packages: library,
    isQuiet: true,
    steps: { ...alone, ...compiled, 'its guarded route answers 200, 401 and 403': node('check.mjs') },
  },
  {
    title: 'Nest 11, CommonJS, Jest',
    fixture: 'nest-11-jest',
    sources: 'app',
    packages: library,
    steps: { ...alone, ...compiled, ...guardsRoutes, 'its Jest tests pass': node('node_modules/jest/bin/jest.js') },
  },
  {
    title: 'Nest 11, the lowest versions that are admitted, all transports',
    fixture: 'nest-11-lowest',
    sources: 'transports',
    packages: library,
    steps: { ...compiled, ...guardsTransports },
  },
  {
    title: 'The highest versions that are admitted, all transports',
    fixture: 'nest-12-highest',
    sources: 'transports',
    packages: library,
    steps: { ...compiled, ...guardsTransports },
  },
  {
    title: 'A Nest monorepo with two applications and one library',
    fixture: 'nest-monorepo',
    packages: library,
    steps: {
      'nest builds one': node('node_modules/@nestjs/cli/bin/nest.js', 'build', 'orders'),
      'nest builds the other': node('node_modules/@nestjs/cli/bin/nest.js', 'build', 'reports'),
      'each accepts its own scope and refuses the others': node('check.mjs'),
    },
  },
  {
    title: 'nest add in a new application: Nest 11, CommonJS, Jest',
    fixture: 'nest-11-starter',
    packages: library,
    steps: nestAddSteps({ linter: ['node_modules/eslint/bin/eslint.js', 'src', 'test'], grown: withOwnTest }),
  },
  {
    title: 'nest add in a new application: Nest 12, ES modules, Vitest; then Fastify and @nestjs/config',
    fixture: 'nest-12-starter',
    packages: library,
    steps: nestAddSteps({
      linter: ['node_modules/oxlint/bin/oxlint', '--type-aware', 'src', 'test'],
      packages: ['@nestjs/config', '@nestjs/platform-fastify'],
      grown: withFastifyAndConfig,
    }),
  },
  {
    title: 'All packages in one project, both module kinds',
    fixture: 'module-kinds',
    packages: everything,
    steps: { 'both module kinds of a package are the same': node('module-kinds.mjs') },
  },
  {
    title: 'Scripts without Nest, and the programs',
    fixture: 'sdk-scripts',
    packages: client,
    isQuiet: true,
    steps: {
      'its types are right, library types included': node('node_modules/typescript/bin/tsc'),
      'nemo signs in, and an ES module and a CommonJS script use that': (directory) =>
        runSignedIn(directory, ['workspaces.mjs', 'workspaces.cjs']),
      'a program starts the identity provider for itself': node('provider.mjs'),
      'the nmp-dev-idp command starts': node('node_modules/@nmp/dev-idp/dist/bin.js', '--help'),
    },
  },
];

/** A step: a JavaScript file of the project, run with this Node, must end well. */
function node(...args) {
  return (cwd) => succeed(runNode(args, { cwd, capture: true }));
}
