import { Module } from '@nestjs/common';
import { RoleBindingsRepository } from './role-bindings.repository.js';

/** The bindings as they are stored: what the policy reads and every API that changes roles writes. */
@Module({ providers: [RoleBindingsRepository], exports: [RoleBindingsRepository] })
export class RoleBindingsStore {}
