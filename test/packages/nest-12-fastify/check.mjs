import { deepStrictEqual } from 'node:assert';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { callEverything, expectedAnswers } from './dist/calls.js';

deepStrictEqual(await callEverything(new FastifyAdapter()), expectedAnswers);
