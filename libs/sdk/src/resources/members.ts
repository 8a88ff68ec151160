import type { Answer } from '../answer.js';
import type { AnswerShape } from '../answer-shape.js';
import { anyText, listOf, objectWith, optional, text } from '../answer-shape.js';
import type { ApiClient } from '../api-client.js';
import type { MemberRemovedResponse, MemberResponse } from '../api-types.js';
import { memberPath, workspacePath } from './resource-path.js';
import type { PropagationAnswer, PropagationOptions } from './role-propagation.js';
import { propagationFields, propagationRequest } from './role-propagation.js';

/** A principal with the roles it has in a workspace. */
export type Member = Answer<MemberResponse, 'principal' | 'roles'>;

/** What is answered to a removal. */
export type RemovedMember = Answer<MemberRemovedResponse, 'message'>;

/** Whose members are meant. */
export interface MembersOptions {
  /** @default the one of the context */
  readonly workspace?: string | undefined;
}

/** Whose members are changed, and whether to wait until the change is known everywhere. */
export interface ChangeMembersOptions extends MembersOptions, PropagationOptions {}

const memberShape: AnswerShape = objectWith({
  principal: text,
  roles: listOf(anyText),
  granted_at: optional(anyText),
  granted_by: optional(anyText),
  hint: optional(anyText),
  ...propagationFields,
});
const listShape = objectWith({ data: listOf(memberShape) });
const removedShape = objectWith({ id: optional(anyText), message: anyText, ...propagationFields });

/** Who has which roles in a workspace. Its Viewers, Editors and Admins may list them, its Admins change them. */
export class Members {
  constructor(private readonly api: ApiClient) {}

  /** Everybody who has a role in the workspace. */
  async list(options: MembersOptions = {}): Promise<readonly Member[]> {
    const request = { method: 'GET', path: await this.path(options) } as const;
    const { data } = (await this.api.call(request, listShape)) as { data: readonly Member[] }; // its shape was checked, here and below
    return data;
  }

  /**
   * Gives somebody roles beside those they have: an e-mail address, the id of a user or client, `group:<name>`, or `*` for everybody.
   * The answer's `hint` tells what may have been meant instead.
   * Without a role it is `Editor`.
   */
  async create(
    { principal, roles }: { readonly principal: string; readonly roles?: readonly string[] | undefined },
    options: ChangeMembersOptions = {},
  ): Promise<Member & PropagationAnswer> {
    const path = await this.path(options);
    const request = { method: 'POST', path, ...propagationRequest(options), body: { principal, roles } } as const;
    return (await this.api.call(request, memberShape)) as Member & PropagationAnswer;
  }

  /**
   * Gives somebody exactly these roles, and no others.
   * @throws {ConflictError} when the workspace would be left without an Admin.
   */
  async update(
    principal: string,
    { roles }: { readonly roles: readonly string[] },
    options: ChangeMembersOptions = {},
  ): Promise<Member & PropagationAnswer> {
    const path = memberPath(await this.workspace(options), principal);
    const request = { method: 'PUT', path, ...propagationRequest(options), body: { roles } } as const;
    return (await this.api.call(request, memberShape)) as Member & PropagationAnswer;
  }

  /**
   * Takes every role away from somebody.
   * @throws {NotFoundError} when they have none.
   * @throws {ConflictError} when the workspace would be left without an Admin.
   */
  async delete(principal: string, options: ChangeMembersOptions = {}): Promise<RemovedMember & PropagationAnswer> {
    const path = memberPath(await this.workspace(options), principal);
    const request = { method: 'DELETE', path, ...propagationRequest(options) } as const;
    return (await this.api.call(request, removedShape)) as RemovedMember & PropagationAnswer;
  }

  private async path(options: MembersOptions): Promise<string> {
    return `${workspacePath(await this.workspace(options))}/members`;
  }

  private async workspace({ workspace }: MembersOptions): Promise<string> {
    return workspace ?? (await this.api.defaultWorkspace());
  }
}
