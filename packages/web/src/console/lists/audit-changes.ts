/** Compares the two states of an audit entry, and tells what was looked at. */

export type AuditState = Readonly<Record<string, unknown>> | null;
export type AuditEntry = { readonly action: string; readonly before: AuditState; readonly after: AuditState };

export const AUDIT_KINDS = ["changes", "readings"] as const;

/** Of the server, without those that it adds later. */
const READINGS = [
  "people",
  "person",
  "archive",
  "export",
  "attendance",
  "results",
  "check-ins",
  "candidates",
  "recording",
  "viewing",
  "audit",
  "deliveries",
  "school",
] as const;
type AuditReading = { readonly of: (typeof READINGS)[number]; readonly requests: number; readonly rows: number };

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

/** Null: the entry is about a change. */
export function auditReading({ action, after }: AuditEntry): AuditReading | null {
  const of = READINGS.find((reading) => action === `read.${reading}`);
  return of ? { of, requests: numberOf(after?.["requests"]), rows: numberOf(after?.["rows"]) } : null;
}

/** What was done, and to what: `user.reset-link`. */
export function actionParts(action: string): readonly [thing: string, verb: string] {
  const [thing = "", ...verb] = action.split(".");
  return [thing, verb.join(".")];
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

function textOf(value: unknown): string {
  return value === null || value === undefined ? NO_VALUE : String(value);
}
