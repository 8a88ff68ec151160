import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestIssuer } from '@nmp/auth/testing';
import { sql } from 'drizzle-orm';
import type { AuditEventResponse } from '../../src/audit/audit-event.responses.js';
import { Database } from '../../src/storage/database.js';
import { startIssuer } from './issuers.js';
import { ApiCaller, platformConfig, startPlatform } from './platform.js';

export const EVENTS = '/apis/auth/v2/audit-events';
export const ROLE_BINDINGS = '/apis/auth/v2/iam/role-bindings';

/** A platform, those who use it, and what it has written down about them. */
export class AuditedPlatform {
  private constructor(
    readonly issuer: TestIssuer,
    readonly app: NestFastifyApplication,
    readonly admin: ApiCaller,
    readonly alice: ApiCaller,
    readonly stranger: ApiCaller,
    /** The service `jobs`. */
    readonly jobs: ApiCaller,
  ) {}

  static async start(): Promise<AuditedPlatform> {
    const issuer = await startIssuer();
    const { auth, ...config } = platformConfig(issuer.issuer);
    const serviceClients = [{ issuer: issuer.issuer, clientId: 'nmp-jobs', name: 'jobs' }];
    const app = await startPlatform({ ...config, auth: { ...auth, serviceClients } });
    const claims = { azp: 'nmp-jobs', client_id: 'nmp-jobs' };
    const jobs = await ApiCaller.signedIn(app, issuer, { subject: 'nmp-jobs', claims });
    const people = await Promise.all(
      ['admin', 'alice', 'stranger'].map((name) =>
        ApiCaller.signedIn(app, issuer, { subject: name, email: `${name}@example.com` }),
      ),
    );
    return new AuditedPlatform(issuer, app, people[0]!, people[1]!, people[2]!, jobs);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.issuer.close();
  }

  get database(): Database {
    return this.app.get<Database>(Database);
  }

  /** Somebody with a token for these scopes. */
  signedIn(name: string, scope: string): Promise<ApiCaller> {
    return ApiCaller.signedIn(this.app, this.issuer, { subject: name, email: `${name}@example.com`, scope });
  }

  async events(query: string): Promise<AuditEventResponse[]> {
    const size = query.includes('page_size=') ? '' : 'page_size=1000&';
    const { body } = await this.admin.request('get', `${EVENTS}?${size}${query}`).expect(200);
    return body.data;
  }

  /** Refusals are written a little later: what of the events is wanted, once it is there. */
  async eventually<T>(query: string, pick: (found: AuditEventResponse[]) => T | undefined): Promise<T> {
    for (;;) {
      const picked = pick(await this.events(query));
      if (picked !== undefined) return picked;
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
    }
  }

  /** Does something while no event can be written or read. */
  async withoutTable(work: () => Promise<void>): Promise<void> {
    await this.database.execute(sql`alter table audit_events rename to audit_events_gone`);
    try {
      await work();
    } finally {
      await this.database.execute(sql`alter table audit_events_gone rename to audit_events`);
    }
  }
}
