import { Module } from '@nestjs/common';
import { ProjectsRepository } from './projects.repository.js';

/** The projects as they are stored, for everybody who has to know of them. */
@Module({ providers: [ProjectsRepository], exports: [ProjectsRepository] })
export class ProjectsStore {}
