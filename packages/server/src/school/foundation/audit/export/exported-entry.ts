/** Defines what of an audit entry is exported, and bounds its texts. */
import type { AuditRow } from "../../store/tables.ts";

export type ExportedEntry = Pick<
  AuditRow,
  | "id"
  | "school_id"
  | "at"
  | "actor_kind"
  | "actor_id"
  | "actor_name"
  | "ip"
  | "action"
  | "target_kind"
  | "target_id"
  | "before"
  | "after"
>;

/** RFC 5425 section 4.3.1: receivers should take messages of 8192 octets. The values before and after are cut to this many characters each. */
const MAX_STATE = 1000;

/** Whether somebody looked at something, and changed nothing. */
export function isLook({ action }: Pick<ExportedEntry, "action">): boolean {
  return action.startsWith("read.");
}

/** A state as JSON, cut; null: there is none. */
export function stateText(state: ExportedEntry["before"]): string | null {
  if (state === null) return null;
  const text = JSON.stringify(state);
  return isLong(state) ? `${text.slice(0, MAX_STATE)}…` : text;
}

export function isLong(state: ExportedEntry["before"]): boolean {
  return state !== null && JSON.stringify(state).length > MAX_STATE;
}

/** Control characters, line and paragraph separators become spaces: receivers that store lines must not take what was entered for a message. */
export function oneLine(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\u2028\u2029]/gu, " ");
}
