import { Inject, Injectable } from '@nestjs/common';
import { PLATFORM_CONFIG } from '../../config/config.module.js';
import type { PlatformConfig } from '../../config/platform-config.js';
import { Database } from '../../storage/database.js';
import type { Caller } from '../caller.js';
import { platformEndpoints } from '../engine/platform-endpoints.js';
import { readPolicySources } from '../engine/policy-artefact.js';
import { type PolicyBundle, policyBundle } from '../engine/policy-bundle.js';
import { externalData, type PolicySettings } from '../engine/policy-data.js';
import { RoleCatalogue } from '../engine/role-catalogue.js';
import { LiveBindings } from '../live/live-bindings.js';
import { WorkspaceAccess } from '../workspace-access.service.js';
import { BundleSettings } from './bundle-settings.js';

/** Makes the bundle that an external decision point loads: the rules, and the data as they are now. */
@Injectable()
export class BundleService {
  private readonly sources = readPolicySources();
  private made: { readonly bundle: PolicyBundle; readonly revision: number; readonly madeAtMs: number } | undefined;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(LiveBindings) private readonly bindings: LiveBindings,
    @Inject(RoleCatalogue) private readonly roles: RoleCatalogue,
    @Inject(WorkspaceAccess) private readonly access: WorkspaceAccess,
    @Inject(BundleSettings) private readonly settings: PolicySettings,
    @Inject(PLATFORM_CONFIG) private readonly config: PlatformConfig,
  ) {}

  /** @throws {AccessDeniedError} for all but the PlatformAdmin and services. */
  async build(caller: Caller): Promise<PolicyBundle> {
    await this.access.authorizePlatform(this.database, caller, 'iam.bundle.read');
    if (this.made === undefined || this.isOutdated(this.made)) this.made = this.make();
    return this.made.bundle;
  }

  /** Making it takes the longer the more bindings there are, so it is not made anew at every change. */
  private isOutdated({ revision, madeAtMs }: { revision: number; madeAtMs: number }): boolean {
    if (revision === this.bindings.index.revision) return false;
    return performance.now() - madeAtMs >= this.config.policy.bundleCacheSeconds * 1000;
  }

  private make() {
    const { roles, settings } = this;
    const { index: bindings } = this.bindings;
    const data = externalData({ bindings, roles, endpoints: platformEndpoints, settings });
    return {
      bundle: policyBundle(this.sources, data),
      revision: bindings.revision,
      madeAtMs: performance.now(),
    };
  }
}
