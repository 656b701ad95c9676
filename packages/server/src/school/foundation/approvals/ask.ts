/** Writes a request for approval in place of the act, tells those who can approve, and gives the answer of the route (202). */
import { isDeepStrictEqual } from "node:util";
import { sql, type Transaction } from "kysely";
import type { Actor } from "../../../access/actor.ts";
import { Accepted } from "../../../platform/api/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import { queueStaffNotices } from "../delivery/staff-notices.ts";
import { approvalText } from "../messages/approval-texts.ts";
import type { Act, Approval } from "../store/approval-tables.ts";
import type { Change } from "../store/change.ts";
import type { Tables } from "../store/tables.ts";
import { requestNotice } from "./notices.ts";
import { type ApprovalBody, approvalEventData, presentApproval } from "./present.ts";

/** Over a weekend. */
const WAITS_MS = 72 * 3600 * 1000;
const MAX_WAITING = 200;
const HOUR_MS = 3600 * 1000;
/** Each one is a mail to all administrators. */
const MAX_IN_HOUR = 30;

export type RequestedAct = {
  readonly act: Act;
  readonly schoolId: string;
  readonly target: { readonly kind: string; readonly id: string };
  /** What exactly is to be done. */
  readonly params: Readonly<Record<string, unknown>>;
  /** As the act's `stateOf` has it. */
  readonly objectState: string;
  /** Why, for the person who decides; may be empty. */
  readonly reason: string;
};

/**
 * The same request of the same person is not written twice.
 * @throws RefusalError approval-needed, where an API key asks; conflict, too-many
 */
export async function askForApproval(change: Change, actor: Actor, asked: RequestedAct): Promise<{ body: Accepted<ApprovalBody> }> {
  const { trx } = change;
  // Nobody knows who holds a key: it could be the person who approves.
  if (actor.kind !== "user" && actor.kind !== "token") throw new RefusalError("approval-needed", approvalText("people-ask"));
  const known = await findSame(trx, actor, asked);
  if (known) return { body: new Accepted(await presentApproval(trx, actor, known)) };
  await checkRoom(trx, actor, asked.schoolId);
  const row = {
    id: newId(),
    school_id: asked.schoolId,
    act: asked.act,
    target_kind: asked.target.kind,
    target_id: asked.target.id,
    params: json(asked.params),
    object_state: asked.objectState,
    reason: asked.reason,
    asked_kind: actor.kind,
    asked_by: actor.kind === "user" ? actor.id : null,
    asked_role: actor.role ?? "student",
    decided_by: null,
    expires_at: new Date(Date.now() + WAITS_MS),
  } as const;
  const approval = await trx.insertInto("approvals").values(row).returningAll().executeTakeFirstOrThrow();
  await change.audit({
    action: "approval.request",
    schoolId: asked.schoolId,
    targetKind: "approval",
    targetId: approval.id,
    after: { act: asked.act, target: asked.target.id, params: asked.params, text: asked.reason },
  });
  await change.emit("approval.requested", asked.schoolId, approvalEventData(approval));
  const body = await presentApproval(trx, actor, approval);
  await queueStaffNotices(change, await otherAdministrators(trx, approval), requestNotice(body));
  return { body: new Accepted(body) };
}

/** Administrators of the school who are not the asker. */
export async function otherAdministrators(
  trx: Transaction<Tables>,
  { school_id, asked_by }: Pick<Approval, "school_id" | "asked_by">,
): Promise<string[]> {
  const people = await trx
    .selectFrom("users")
    .select("id")
    .where("school_id", "=", school_id)
    .where("role", "=", "administrator")
    .where("disabled_at", "is", null)
    .where("id", "<>", asked_by ?? "")
    .orderBy("id")
    .execute();
  return people.map(({ id }) => id);
}

async function findSame(trx: Transaction<Tables>, actor: Actor, { act, schoolId, target, params, objectState }: RequestedAct) {
  const rows = await trx
    .selectFrom("approvals")
    .selectAll()
    .where("school_id", "=", schoolId)
    .where("state", "=", "waiting")
    .where("expires_at", ">", new Date())
    .where("act", "=", act)
    .where("target_id", "=", target.id)
    .where("object_state", "=", objectState)
    .where(sql<boolean>`asked_by is not distinct from ${actor.kind === "user" ? actor.id : null}`)
    .execute();
  return rows.find((row) => isDeepStrictEqual(row.params, JSON.parse(JSON.stringify(params)))) ?? null;
}

/** @throws RefusalError conflict, too-many */
async function checkRoom(trx: Transaction<Tables>, actor: Actor, schoolId: string): Promise<void> {
  const now = Date.now();
  const { waiting, recent } = await trx
    .selectFrom("approvals")
    .select([
      sql<number>`count(*) filter (where state = 'waiting' and expires_at > ${new Date(now)})::int`.as("waiting"),
      sql<number>`count(*) filter (where created_at > ${new Date(now - HOUR_MS)}
        and asked_by is not distinct from ${actor.kind === "user" ? actor.id : null})::int`.as("recent"),
    ])
    .where("school_id", "=", schoolId)
    .executeTakeFirstOrThrow();
  if (waiting >= MAX_WAITING) throw new RefusalError("conflict", approvalText("too-many-waiting", { max: MAX_WAITING }));
  if (recent >= MAX_IN_HOUR) throw new RefusalError("too-many", approvalText("too-many-asked", { max: MAX_IN_HOUR }));
}
