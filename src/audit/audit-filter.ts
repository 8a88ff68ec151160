import { auditActions } from './audit-event.js';

const decisions: readonly string[] = ['allowed', 'refused'];
const actions: readonly string[] = auditActions;
const ISO_TIME = /^(\d{4}-\d{2}-\d{2})T(?!24)\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** What is wrong with a filter: a mistyped word would find nothing, and that would be taken for nothing having happened. */
export function auditFilterProblems(filter: Readonly<Record<string, string>>): string[] {
  const { action, decision, since, until } = filter;
  const problems: string[] = [];
  if (action !== undefined && !actions.includes(action)) {
    problems.push(`filter[action] must be one of ${actions.join(', ')}`);
  }
  if (decision !== undefined && !decisions.includes(decision)) {
    problems.push(`filter[decision] must be one of ${decisions.join(', ')}`);
  }
  for (const [name, time] of Object.entries({ since, until })) {
    if (time !== undefined && !isTime(time)) {
      problems.push(
        `filter[${name}] must be a time like 2030-01-31T12:00:00Z, its offset written as %2B01:00 where it has one`,
      );
    }
  }
  return problems;
}

function isTime(text: string): boolean {
  const [, day] = ISO_TIME.exec(text) ?? [];
  if (day === undefined || Number.isNaN(Date.parse(text))) return false;
  // Days that do not exist would roll over into the next month, and years before the database's own are no times to it.
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day) && day >= '1970';
}
