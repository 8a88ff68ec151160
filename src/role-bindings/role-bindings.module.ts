import { Module } from '@nestjs/common';
import { RoleBindingsRepository } from './role-bindings.repository.js';

@Module({ providers: [RoleBindingsRepository], exports: [RoleBindingsRepository] })
export class RoleBindingsModule {}
