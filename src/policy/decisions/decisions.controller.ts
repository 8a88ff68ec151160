import { BadRequestException, Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Principal } from '@nmp/auth';
import { AccessDeniedError } from '@nmp/tokens';
import { errorBody } from '../../http/error-body.js';
import { Database } from '../../storage/database.js';
import { Callers } from '../callers.service.js';
import { EmbeddedPolicyEngine } from '../engine/embedded-policy-engine.js';
import { PolicyQuestionError } from '../engine/policy-questions.js';
import { SYSTEM_WORKSPACE } from '../role-names.js';
import { WorkspacePolicy } from '../workspace-policy.service.js';
import { allowQuestionOf, permissionsQuestionOf, type QuestionInput, roleQuestionOf } from './question-input.js';

/** Decides for the platform's services what their callers may do. */
@ApiExcludeController()
@Controller('apis/auth/v2/authz')
export class DecisionsController {
  constructor(
    @Inject(EmbeddedPolicyEngine) private readonly engine: EmbeddedPolicyEngine,
    @Inject(Database) private readonly database: Database,
    @Inject(Callers) private readonly callers: Callers,
    @Inject(WorkspacePolicy) private readonly policy: WorkspacePolicy,
  ) {}

  /** @throws {AccessDeniedError} for all but services and the PlatformAdmin: whoever asks learns who may do what. */
  @Post(':entrypoint')
  @HttpCode(200)
  async decide(
    @Principal() principal: Principal,
    @Param('entrypoint') entrypoint: string,
    @Body() body: unknown,
  ): Promise<{ result: object }> {
    const caller = this.callers.of(principal);
    const { seesAll } = await this.policy.decide(this.database, caller, 'iam.read', SYSTEM_WORKSPACE);
    if (!seesAll) throw new AccessDeniedError();
    const answer = answers.get(entrypoint);
    if (answer === undefined) throw new BadRequestException({ ...errorBody(400, ''), detail: invalid(entrypoint) });
    try {
      return { result: answer(this.engine, inputOf(body)) };
    } catch (error) {
      if (error instanceof PolicyQuestionError) throw new BadRequestException(errorBody(400, error.message));
      throw error;
    }
  }
}

const answers = new Map<string, (engine: EmbeddedPolicyEngine, input: QuestionInput) => object>([
  ['allow', (engine, input) => engine.allow(allowQuestionOf(input))],
  ['has_permissions', (engine, input) => engine.hasPermissions(permissionsQuestionOf(input))],
  ['has_role', (engine, input) => engine.hasRole(roleQuestionOf(input))],
]);

function inputOf(body: unknown): QuestionInput {
  const input = typeof body === 'object' && body !== null ? (body as { input?: unknown }).input : undefined;
  // Half a character is no text that rules could read.
  if (/\\ud[89a-f][\da-f]{2}/i.test(JSON.stringify(input) ?? '')) throw new PolicyQuestionError('the body is no text');
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input as QuestionInput;
  throw new PolicyQuestionError('the body must be {"input": {…}}');
}

/** In the form that clients of the original read. */
function invalid(entrypoint: string): object {
  return {
    error: `Invalid entrypoint: ${entrypoint.slice(0, 100)}`,
    valid_entrypoints: [...answers.keys()],
  };
}
