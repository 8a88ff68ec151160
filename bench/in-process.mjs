// What is measured without HTTP: memory, and the time of single verdicts. Run with --expose-gc; prints JSON.
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthModule, JwtStrategy } from '@nmp/auth';
import { TestIssuer } from '@nmp/auth/testing';
import { median } from './figures.mjs';
import { forged, tokenOf } from './tokens.mjs';

const remembered = 20_000;
const judged = 400;
const rounds = 9;

const issuer = await TestIssuer.start({ clientId: 'nmp-cli', audience: 'nmp-platform', algorithm: 'ES256' });
const heapPerToken = await measureHeap();
await issuer.close();
const rsaIssuer = await TestIssuer.start({ clientId: 'nmp-cli', audience: 'nmp-platform' });
const refuseToAccept = await measureVerdicts();
await rsaIssuer.close();
console.log(JSON.stringify({ heapPerToken, refuseToAccept }));

async function measureHeap() {
  const { app, run } = await start(issuer, { max: 50_000 });
  for (let index = 0; index < 500; index += 1) await run(await tokenOf(issuer, index));
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  for (let index = 500; index < 500 + remembered; index += 1) await run(await tokenOf(issuer, index));
  globalThis.gc();
  const after = process.memoryUsage().heapUsed;
  await app.close();
  return (after - before) / remembered;
}

async function measureVerdicts() {
  const { app, run } = await start(rsaIssuer, false);
  const good = await Promise.all(Array.from({ length: judged }, (_, index) => tokenOf(rsaIssuer, index)));
  const bad = good.map(forged);
  const time = async (tokens) => {
    const startedAt = performance.now();
    for (const token of tokens) await run(token);
    return performance.now() - startedAt;
  };
  await time(good);
  await time(bad);
  const ratios = [];
  for (let round = 0; round < rounds; round += 1) ratios.push((await time(bad)) / (await time(good)));
  await app.close();
  return median(ratios);
}

async function start({ issuer: name }, cache) {
  class VerifierModule {}
  const oidc = { issuer: name, clientId: 'nmp-cli', audience: 'nmp-platform' };
  Module({ imports: [AuthModule.forRoot({ cache, oidc })] })(VerifierModule);
  const app = await NestFactory.createApplicationContext(VerifierModule, { logger: false });
  const strategy = app.get(JwtStrategy);
  const run = async (token) => {
    try {
      await strategy.run({ headers: { authorization: `Bearer ${token}` } });
    } catch (error) {
      if (error.code !== 'token_signature') throw error;
    }
  };
  return { app, run };
}
