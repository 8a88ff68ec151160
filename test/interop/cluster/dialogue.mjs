import { deepEqual, equal } from 'node:assert/strict';

const workspaces = '/apis/entities/v2/workspaces';
const workspace = `${workspaces}/loaded`;
const roles = ['Viewer', 'Editor'];
const members = 40;

/** What the workers of a load ask and change: each has a member of its own, whose role it changes again and again. */
export class Dialogue {
  /** The role that each member was last given, by an answer that said so. */
  #given = new Map();

  constructor(alice, admin) {
    this.alice = alice;
    this.admin = admin;
  }

  /** @param {import('./fleet.mjs').Fleet} fleet */
  static async begin(fleet) {
    const [alice, admin] = [await fleet.person('alice'), await fleet.person('admin')];
    const made = await fleet.request(workspaces, { ...alice, method: 'POST', body: { name: 'loaded' } });
    equal(made.status, 201, made.text);
    for (let worker = 0; worker < members; worker += 1) {
      const body = { principal: memberOf(worker), roles: [roles[0]] };
      const added = await fleet.request(`${workspace}/members`, { ...alice, method: 'POST', body });
      equal(added.status, 201, added.text);
    }
    return new Dialogue(alice, admin);
  }

  /** @type {(worker: number, turn: number) => import('./steady-load.mjs').Question} */
  question(worker, turn) {
    const { alice, admin } = this;
    const asked = [
      () => ({ method: 'GET', path: '/apis/auth/authenticate', token: alice.token, status: 200 }),
      () => ({ method: 'GET', path: workspace, token: alice.token, status: 200 }),
      () => this.#change(worker, turn),
      () => ({
        method: 'POST',
        path: '/apis/auth/v2/authz/has_permissions',
        token: admin.token,
        body: {
          input: { principal_email: alice.email, workspace: 'loaded', permissions: ['workspaces.read'] },
        },
        status: 200,
      }),
      () => ({ method: 'GET', path: '/apis/auth/v2/whoami', token: alice.token, status: 200 }),
    ];
    return asked[turn % asked.length]();
  }

  /** Compares the roles that each instance tells with those that were given. @param {import('./fleet.mjs').Fleet} fleet */
  async requireGiven({ instances }) {
    for (const instance of instances) {
      const { status, body } = await instance.request(`${workspace}/members?page_size=100`, this.alice);
      equal(status, 200);
      const told = new Map(body.data.map((member) => [member.principal, member.roles]));
      for (const [member, role] of this.#given)
        deepEqual([instance.name, member, told.get(member)], [instance.name, member, [role]]);
    }
  }

  #change(worker, turn) {
    const member = memberOf(worker);
    const role = roles[turn % roles.length];
    return {
      method: 'PUT',
      path: `${workspace}/members/${member}`,
      token: this.alice.token,
      body: { roles: [role] },
      status: 200,
      answered: () => this.#given.set(member, role),
    };
  }
}

function memberOf(worker) {
  return `member-${worker}@example.com`;
}
