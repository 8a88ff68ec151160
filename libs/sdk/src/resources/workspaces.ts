import type { Answer } from '../answer.js';
import type { AnswerShape } from '../answer-shape.js';
import { anyText, objectWith, optional, text } from '../answer-shape.js';
import type { ApiClient } from '../api-client.js';
import type {
  CreateWorkspaceRequest,
  UpdateWorkspaceRequest,
  WorkspaceDeletedResponse,
  WorkspaceResponse,
} from '../api-types.js';
import { Members } from './members.js';
import type { Page } from './paged-list.js';
import { PagedList, pageOf } from './paged-list.js';
import { workspacePath, workspacesPath } from './resource-path.js';
import type { PropagationAnswer, PropagationOptions } from './role-propagation.js';
import { propagationFields, propagationRequest } from './role-propagation.js';

/** A workspace as the platform describes it. */
export type Workspace = Answer<WorkspaceResponse, 'name'>;

/** What is answered to a deletion. */
export type DeletedWorkspace = Answer<WorkspaceDeletedResponse, 'message'>;

/** Which workspaces to list, and in which order. */
export interface ListWorkspacesOptions {
  /** @default 100, at most 1000 */
  readonly pageSize?: number;
  /** A field, with `-` before it for descending order. @default '-created_at' */
  readonly sort?: string;
}

const workspaceFields: Readonly<Record<string, AnswerShape>> = {
  id: optional(anyText),
  name: text,
  description: optional(anyText),
  created_at: optional(anyText),
  created_by: optional(anyText),
  created_by_email: optional(anyText),
  updated_at: optional(anyText),
  updated_by: optional(anyText),
};
const workspaceShape = objectWith(workspaceFields);
const createdShape = objectWith({ ...workspaceFields, ...propagationFields });
const pageShape = pageOf(workspaceShape);
const deletedShape = objectWith({ id: optional(anyText), message: anyText });

/** The workspaces the caller may see. */
export class Workspaces {
  readonly members: Members;

  constructor(private readonly api: ApiClient) {
    this.members = new Members(api);
  }

  /** The workspaces that the caller may see. */
  list(options: ListWorkspacesOptions = {}): PagedList<Workspace> {
    return new PagedList(async (page) => {
      const query = { page, page_size: options.pageSize, sort: options.sort };
      return (await this.api.call({ method: 'GET', path: workspacesPath, query }, pageShape)) as Page<Workspace>; // its shape was checked, here and below
    });
  }

  /** @throws {ConflictError} when the name is taken. */
  async create(
    workspace: {
      name: CreateWorkspaceRequest['name'];
      description?: CreateWorkspaceRequest['description'] | undefined;
    },
    options: PropagationOptions = {},
  ): Promise<Workspace & PropagationAnswer> {
    const asked = propagationRequest(options);
    const request = { method: 'POST', path: workspacesPath, ...asked, body: { ...workspace } } as const;
    return (await this.api.call(request, createdShape)) as Workspace & PropagationAnswer;
  }

  /**
   * One workspace; without a name, the one of the context.
   * @throws {ForbiddenError | NotFoundError} when there is none, or the caller may not see it.
   */
  async get(name?: string): Promise<Workspace> {
    const wanted = name ?? (await this.api.defaultWorkspace());
    return (await this.api.call({ method: 'GET', path: workspacePath(wanted) }, workspaceShape)) as Workspace;
  }

  /** Changes what is said about a workspace. */
  async update(name: string, changes: UpdateWorkspaceRequest): Promise<Workspace> {
    return (await this.api.call(
      { method: 'PUT', path: workspacePath(name), body: { ...changes } },
      workspaceShape,
    )) as Workspace;
  }

  /** Marks a workspace for deletion. */
  async delete(name: string): Promise<DeletedWorkspace> {
    const request = { method: 'DELETE', path: workspacePath(name) } as const;
    return (await this.api.call(request, deletedShape)) as DeletedWorkspace;
  }
}
