import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { nestAppStarter } from './nest-app.mjs';

/** Of each adapter, how one is made. */
export const adapters = {
  express: async () => new (await import('@nestjs/platform-express')).ExpressAdapter(),
  fastify: async () => new (await import('@nestjs/platform-fastify')).FastifyAdapter(),
};

/** Starts an application of the Nest that the project itself uses. */
export const startNestApp = nestAppStarter({ Controller, Get, Module, NestFactory, adapters });
