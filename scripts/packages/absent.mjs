import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../process/root.mjs';

/** The packages of transports that `@nmp/auth` serves; an application has those it uses. */
const transports = [
  '@grpc/grpc-js',
  '@nats-io/transport-node',
  '@nestjs/graphql',
  '@nestjs/microservices',
  '@nestjs/websockets',
  'amqplib',
  'graphql',
  'ioredis',
  'kafkajs',
  'mqtt',
  'socket.io',
  'ws',
];

/**
 * Makes sure that a project has none of the packages that `@nmp/auth` can do without.
 *
 * @param {string} directory of the project
 * @throws {Error} naming those that are there
 */
export async function requireAbsent(directory) {
  const { peerDependenciesMeta = {} } = JSON.parse(readFileSync(join(root, 'libs', 'auth', 'package.json'), 'utf8'));
  const optional = Object.keys(peerDependenciesMeta).filter((name) => peerDependenciesMeta[name].optional);
  const { resolve } = createRequire(join(directory, 'package.json'));
  const there = [...new Set([...transports, ...optional])].filter((name) => isThere(() => resolve(name)));
  if (there.length > 0) throw new Error(`installed: ${there.join(', ')}`);
}

function isThere(resolve) {
  try {
    resolve();
    return true;
  } catch (error) {
    // A package that is there may have nothing that CommonJS could load.
    return error.code !== 'MODULE_NOT_FOUND';
  }
}
