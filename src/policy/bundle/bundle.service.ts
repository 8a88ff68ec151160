import { Inject, Injectable } from '@nestjs/common';
import { AccessDeniedError } from '@nmp/tokens';
import { RoleBindingsRepository } from '../../role-bindings/role-bindings.repository.js';
import { Database } from '../../storage/database.js';
import type { Caller } from '../caller.js';
import { BindingIndex } from '../engine/binding-index.js';
import { platformEndpoints } from '../engine/platform-endpoints.js';
import { readPolicySources } from '../engine/policy-artefact.js';
import { type PolicyBundle, policyBundle } from '../engine/policy-bundle.js';
import { externalData, type PolicySettings } from '../engine/policy-data.js';
import { RoleCatalogue } from '../engine/role-catalogue.js';
import { SYSTEM_WORKSPACE } from '../role-names.js';
import { WorkspacePolicy } from '../workspace-policy.service.js';
import { BundleSettings } from './bundle-settings.js';

/** Makes the bundle that an external decision point loads: the rules, and the data as they are now. */
@Injectable()
export class BundleService {
  private readonly sources = readPolicySources();

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RoleBindingsRepository) private readonly bindings: RoleBindingsRepository,
    @Inject(RoleCatalogue) private readonly roles: RoleCatalogue,
    @Inject(WorkspacePolicy) private readonly policy: WorkspacePolicy,
    @Inject(BundleSettings) private readonly settings: PolicySettings,
  ) {}

  /** @throws {AccessDeniedError} for all but the PlatformAdmin and services. */
  async build(caller: Caller): Promise<PolicyBundle> {
    const decision = await this.policy.decide(this.database, caller, 'iam.bundle.read', SYSTEM_WORKSPACE);
    // It says who may do what everywhere.
    if (!decision.isAllowed || !decision.seesAll) throw new AccessDeniedError();
    const bindings = new BindingIndex(await this.bindings.findAllActive(this.database));
    const { roles, settings } = this;
    return policyBundle(this.sources, externalData({ bindings, roles, endpoints: platformEndpoints, settings }));
  }
}
