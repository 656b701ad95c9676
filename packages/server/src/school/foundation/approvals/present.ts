/** Presents requests for approval in answers and events: with the names of today, which erasing a person takes away. */
import { sql, type Transaction } from "kysely";
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { id, time, version } from "../requests/fields.ts";
import { ACTS, type Approval } from "../store/approval-tables.ts";
import type { Db, Tables } from "../store/tables.ts";

/** expired: nobody decided in time. */
const SHOWN_STATES = ["waiting", "done", "refused", "withdrawn", "outdated", "expired"] as const;

export const approvalShape = z
  .object({
    id,
    schoolId: id,
    act: z.enum(ACTS),
    target: z
      .object({ kind: z.string(), id: z.string(), name: z.string() })
      .describe("What it is to be done on, as it is called now."),
    params: z.record(z.string(), z.unknown()).describe("What exactly is to be done."),
    reason: z.string().describe("Why, in the words of who asks."),
    state: z
      .enum(SHOWN_STATES)
      .describe(
        "done: approved and carried out. outdated: what it is about was changed before it was approved, so nothing was done.",
      ),
    askedBy: z.object({ kind: z.enum(["user", "token"]), id: id.nullable(), name: z.string() }),
    decidedBy: z.object({ id, name: z.string() }).nullable(),
    others: z.int().describe("How many other administrators the school has. Where there are none, a break-glass account approves."),
    mayDecide: z.boolean().describe("Whether the caller may approve or refuse it, as far as it can be told before."),
    createdAt: time,
    expiresAt: time.describe("Who has not decided by then decides no more."),
    decidedAt: time.nullable(),
    endsAt: time.nullable().describe("Of an operator's entry: when it ends, or has ended."),
    version,
  })
  .meta({ id: "Approval" });
export type ApprovalBody = z.input<typeof approvalShape> & { readonly school: string };

/** Operators who came by the server's machine decide for every school. */
export function mayDecideAtAll(
  { kind, role, schoolId, isBreakGlass = false }: Actor,
  approval: Pick<Approval, "school_id">,
): boolean {
  return kind === "user" && ((role === "administrator" && schoolId === approval.school_id) || isBreakGlass);
}

export function isWaiting({ state, expires_at }: Approval, now: number): boolean {
  return state === "waiting" && expires_at.getTime() > now;
}

const NAMES_OF_TARGETS = sql<string | null>`case approvals.target_kind
  when 'user' then (select name from users where users.id = approvals.target_id)
  when 'participant' then (select name from participants where participants.id = approvals.target_id)
  when 'recording' then (select title from recordings where recordings.id = approvals.target_id)
  else (select name from schools where schools.id = approvals.target_id) end`;
const OTHERS = sql<number>`(select count(*)::int from users where users.school_id = approvals.school_id
  and users.role = 'administrator' and users.disabled_at is null and users.id is distinct from approvals.asked_by)`;

/** Rows with the names that answers have. */
export function namedApprovals(db: Db) {
  return db
    .selectFrom("approvals")
    .selectAll("approvals")
    .select([
      NAMES_OF_TARGETS.as("target_name"),
      OTHERS.as("others"),
      sql<string | null>`(select name from users where users.id = approvals.asked_by)`.as("asker"),
      sql<string | null>`(select name from users where users.id = approvals.decided_by)`.as("decider"),
      sql<string>`(select name from schools where schools.id = approvals.school_id)`.as("school"),
    ]);
}
export type NamedApproval = Approval & {
  readonly target_name: string | null;
  readonly others: number;
  readonly asker: string | null;
  readonly decider: string | null;
  readonly school: string;
};

export async function presentApproval(trx: Transaction<Tables>, reader: Actor, approval: Approval): Promise<ApprovalBody> {
  const row = await namedApprovals(trx).where("approvals.id", "=", approval.id).executeTakeFirstOrThrow();
  return approvalResponse(row, reader, Date.now());
}

/** @param now milliseconds since 1970 */
export function approvalResponse(row: NamedApproval, reader: Actor, now: number): ApprovalBody {
  const waits = isWaiting(row, now);
  const isAsker = row.asked_by !== null && row.asked_by === reader.id;
  return {
    id: row.id,
    schoolId: row.school_id,
    school: row.school,
    act: row.act,
    target: { kind: row.target_kind, id: row.target_id, name: row.target_name ?? "" },
    params: { ...row.params },
    reason: row.reason,
    state: row.state === "waiting" && !waits ? "expired" : row.state,
    askedBy: { kind: row.asked_kind, id: row.asked_by, name: row.asker ?? (row.asked_kind === "token" ? "operator" : "") },
    decidedBy: row.decided_by === null ? null : { id: row.decided_by, name: row.decider ?? "" },
    others: row.others,
    mayDecide: waits && !isAsker && mayDecideAtAll(reader, row),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    decidedAt: row.decided_at,
    endsAt: row.ends_at,
    version: row.version,
  };
}

/** The data of webhook events: ids alone, which erasing a person need not look for names in. */
export function approvalEventData({ id: approvalId, act, target_kind: targetKind, target_id: targetId, state, ...row }: Approval) {
  return { approvalId, act, targetKind, targetId, state, askedBy: row.asked_by, decidedBy: row.decided_by };
}
