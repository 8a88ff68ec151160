import type { AllowQuestion, PermissionsQuestion, PolicyCaller, RoleQuestion } from '@nmp/tokens';
import { PolicyQuestionError } from '../engine/policy-questions.js';

/** A question as it came over HTTP; nothing of it is checked yet. */
export type QuestionInput = Readonly<Record<string, unknown>>;

/**
 * Reads questions as the rules in Rego read them from `input`: in the fields of the platform's own decision point, or,
 * where those are missing, in the check request of Envoy's external authorization.
 */
export function allowQuestionOf(input: QuestionInput): AllowQuestion {
  const http = httpOf(input);
  return { caller: callerOf(input), method: textOr(input.method, http.method), path: textOr(input.path, http.path) };
}

/** @throws {PolicyQuestionError} when the workspace or the permissions are missing. */
export function permissionsQuestionOf(input: QuestionInput): PermissionsQuestion {
  const { permissions } = input;
  if (!Array.isArray(permissions) || permissions.length === 0 || !permissions.every(isText)) {
    throw new PolicyQuestionError('input.permissions must be a list of permissions');
  }
  return { caller: callerOf(input), workspace: required(input, 'workspace'), permissions };
}

/** @throws {PolicyQuestionError} when the workspace or the role is missing. */
export function roleQuestionOf(input: QuestionInput): RoleQuestion {
  return { caller: callerOf(input), workspace: required(input, 'workspace'), role: required(input, 'role') };
}

/** @throws {PolicyQuestionError} for what would mean less restriction if it were read as missing. */
function callerOf(input: QuestionInput): PolicyCaller {
  const text = (field: string, header: string): string => textOr(input[field], headerOf(input, header));
  const texts = (field: string, header: string, separator: string): string[] =>
    elementsOf(field, input[field], headerOf(input, header), separator);
  const email = text('principal_email', 'X-NMP-Principal-Email');
  const behalf = {
    id: text('on_behalf_of_principal_id', 'X-NMP-Principal-On-Behalf-Of'),
    email: text('on_behalf_of_principal_email', 'X-NMP-Principal-On-Behalf-Of-Email'),
    groups: texts('on_behalf_of_principal_groups', 'X-NMP-Principal-On-Behalf-Of-Groups', ','),
  };
  const isDelegated = behalf.email !== '' || behalf.groups.length > 0 || input.on_behalf_of_principal_id !== undefined;
  if (isDelegated && behalf.id === '') {
    throw new PolicyQuestionError('input.on_behalf_of_principal_id must be a text: it says who is decided for');
  }
  const id = text('principal_id', 'X-NMP-Principal-Id');
  return {
    kind: kindOf(input.principal_kind, id),
    issuer: '',
    id,
    ...(email !== '' && { email }),
    ...(flag(input, 'principal_email_verified') === false && { emailVerified: false }),
    groups: texts('principal_groups', 'X-NMP-Principal-Groups', ','),
    scopes: texts('scopes', 'X-NMP-Scopes', ' '),
    ...(flag(input, 'principal_shares_users') === false && { sharesUsers: false }),
    ...(behalf.id !== '' && {
      onBehalfOf: { id: behalf.id, groups: behalf.groups, ...(behalf.email !== '' && { email: behalf.email }) },
    }),
  };
}

/** Who is not said to be a service is none, whatever the id. */
function kindOf(stated: unknown, id: string): PolicyCaller['kind'] {
  if (id === '') return 'anonymous';
  if (stated === undefined || stated === 'user') return 'user';
  return stated === 'client' || stated === 'service' ? stated : 'anonymous';
}

function flag(input: QuestionInput, field: string): boolean | undefined {
  const value = input[field];
  if (value === undefined || typeof value === 'boolean') return value;
  throw new PolicyQuestionError(`input.${field} must be true or false`);
}

function textOr(value: unknown, otherwise: unknown): string {
  if (isText(value)) return value;
  return isText(otherwise) ? otherwise : '';
}

/** A list, or a text of several parts. What is no text in a list is left out. */
function elementsOf(field: string, value: unknown, header: unknown, separator: string): string[] {
  if (Array.isArray(value)) return value.filter((item) => isText(item) && item !== '') as string[];
  if ([value, header].some((written) => written !== undefined && !isText(written))) {
    throw new PolicyQuestionError(`input.${field} must be a list of texts, or a text`);
  }
  return textOr(value, header)
    .split(separator)
    .filter((item) => item !== '');
}

/** Names of headers come in lower case or as they are written in documents. */
function headerOf(input: QuestionInput, name: string): unknown {
  const headers = recordOf(httpOf(input).headers);
  return member(headers, name.toLowerCase()) ?? member(headers, name);
}

function httpOf(input: QuestionInput): QuestionInput {
  const attributes = recordOf(input.attributes);
  return recordOf(recordOf(attributes.request).http);
}

function required(input: QuestionInput, field: string): string {
  const value = input[field];
  if (isText(value) && value !== '') return value;
  throw new PolicyQuestionError(`input.${field} must be a text`);
}

function recordOf(value: unknown): QuestionInput {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as QuestionInput) : {};
}

function member(record: QuestionInput, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
