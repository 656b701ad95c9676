/** Compares the two states of an audit entry. */

export type AuditState = Readonly<Record<string, unknown>> | null;

/** Fields that differ in every entry. */
const IGNORED = ["version", "created_at"];
const NO_VALUE = "–";

/** The fields that differ; none for an entry that created or deleted something. */
export function auditChanges(before: AuditState, after: AuditState): { field: string; before: string; after: string }[] {
  if (!before || !after) return [];
  return Object.keys(after)
    .filter((field) => !IGNORED.includes(field) && JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    .map((field) => ({ field, before: textOf(before[field]), after: textOf(after[field]) }));
}

function textOf(value: unknown): string {
  return value === null || value === undefined ? NO_VALUE : String(value);
}
