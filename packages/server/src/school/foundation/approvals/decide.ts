/**
 * Decides about requests for approval. What is approved is carried out in the same transaction, exactly as it was asked for, and only where its object
 * is as it was then. Of two who decide at the same time one does: the version of the row is part of its change.
 */
import type { Transaction } from "kysely";
import type { Actor } from "../../../access/actor.ts";
import type { RequestCredential } from "../../../platform/api/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { queueStaffNotices } from "../delivery/staff-notices.ts";
import { approvalText } from "../messages/approval-texts.ts";
import type { Approval, ApprovalState } from "../store/approval-tables.ts";
import type { Change, Changes } from "../store/change.ts";
import type { Db, Tables } from "../store/tables.ts";
import { updateRow } from "../store/update-row.ts";
import type { ApprovalActs } from "./act.ts";
import { decidedNotice } from "./notices.ts";
import { type ApprovalBody, approvalEventData, isWaiting, mayDecideAtAll, presentApproval } from "./present.ts";
import { checkOther, checkSecondPerson } from "./second-person.ts";

export type DecisionContext = {
  readonly changes: Changes;
  readonly acts: ApprovalActs;
  /** The provider that opened a session; null: a password or a passkey did. */
  readonly providerOf: (token: string) => Promise<string | null>;
};

type Decider = { readonly actor: Actor; readonly credential: RequestCredential | null };

/** A request that the actor may see: administrators those of their school, others those that they have made. @throws RefusalError not-found */
export async function findApproval(db: Db, actor: Actor, id: string): Promise<Approval> {
  const approval = await db.selectFrom("approvals").selectAll().where("id", "=", id).executeTakeFirst();
  if (!approval || !maySee(actor, approval)) throw new RefusalError("not-found", approvalText("no-approval"));
  return approval;
}

/** Operators see those of schools that let them in without asking. */
function maySee(actor: Actor, approval: Approval): boolean {
  if (isAsker(actor, approval) || mayDecideAtAll(actor, approval)) return true;
  if (actor.role === "administrator") return actor.schoolId === approval.school_id;
  return actor.role === "operator" && actor.closedSchools?.includes(approval.school_id) !== true;
}

function isAsker(actor: Actor, { asked_kind, asked_by }: Approval): boolean {
  return asked_kind === "token" ? actor.kind === "token" : asked_by !== null && actor.kind === "user" && actor.id === asked_by;
}

/** @throws RefusalError not-found, not-the-second-person, approval-closed, approval-outdated, conflict and what the act refuses */
export async function approve({ changes, acts, providerOf }: DecisionContext, by: Decider, id: string): Promise<ApprovalBody> {
  const { actor, credential } = by;
  const providerId = credential === null ? null : await providerOf(credential.token);
  const { body } = await changes.transact({ actor }, async (change) => {
    const { trx } = change;
    const before = await findApproval(trx, actor, id);
    await checkSecondPerson(trx, actor, before, providerId);
    checkWaiting(before);
    const act = acts[before.act];
    const asker = await askerOf(trx, before);
    if (!act.askers.includes(asker.role ?? "student")) throw askerGone();
    const isSame = (await act.stateOf(trx, before)) === before.object_state;
    // First the decision: of two who decide at once, the second finds it made.
    const after = await decided(change, before, isSame ? "done" : "outdated", actor);
    if (isSame) await act.carryOut(asAsker(change, asker, after), after, asker);
    return { body: await tellAsker(change, actor, after, isSame ? "done" : "outdated") };
  });
  if (body.state === "outdated") throw new RefusalError("approval-outdated");
  return body;
}

/** @throws RefusalError not-found, not-the-second-person, approval-closed */
export async function refuse({ changes }: DecisionContext, { actor }: Decider, id: string): Promise<ApprovalBody> {
  const { body } = await changes.transact({ actor }, async (change) => {
    const before = await findApproval(change.trx, actor, id);
    checkOther(actor, before);
    checkWaiting(before);
    const after = await decided(change, before, "refused", actor);
    return { body: await tellAsker(change, actor, after, "refused") };
  });
  return body;
}

/** @throws RefusalError not-found, not-the-second-person, approval-closed */
export async function withdraw({ changes }: DecisionContext, { actor }: Decider, id: string): Promise<ApprovalBody> {
  const { body } = await changes.transact({ actor }, async (change) => {
    const before = await findApproval(change.trx, actor, id);
    if (!isAsker(actor, before)) throw new RefusalError("not-the-second-person", approvalText("only-asker"));
    checkWaiting(before);
    const after = await decided(change, before, "withdrawn", actor);
    return { body: await presentApproval(change.trx, actor, after) };
  });
  return body;
}

/** Ends an operator's entry before its time. @throws RefusalError not-found, not-the-second-person, approval-closed */
export async function endEntry({ changes }: DecisionContext, { actor }: Decider, id: string): Promise<ApprovalBody> {
  const { body } = await changes.transact({ actor }, async (change) => {
    const before = await findApproval(change.trx, actor, id);
    if (!isAsker(actor, before) && !mayDecideAtAll(actor, before))
      throw new RefusalError("not-the-second-person", approvalText("administrators-decide"));
    const now = new Date();
    if (before.state !== "done" || before.ends_at === null || before.ends_at <= now)
      throw new RefusalError("approval-closed", approvalText("no-entry"));
    const after = await updateRow(change, "approvals", before, { ends_at: now });
    await auditDecision(change, "end", after);
    // What the operator has opened in the school ends with it: see `lessons/permission-review.ts`.
    if (after.asked_by !== null)
      await change.audit({
        action: "approval.entry-over",
        schoolId: after.school_id,
        targetKind: "user",
        targetId: after.asked_by,
      });
    await change.emit("approval.decided", after.school_id, approvalEventData(after));
    return { body: await presentApproval(change.trx, actor, after) };
  });
  return body;
}

function checkWaiting(approval: Approval): void {
  if (!isWaiting(approval, Date.now())) throw new RefusalError("approval-closed", approvalText("decided"));
}

async function decided(change: Change, before: Approval, state: ApprovalState, { id, kind }: Actor): Promise<Approval> {
  const after = await updateRow(change, "approvals", before, {
    state,
    decided_by: kind === "user" ? id : null,
    decided_at: new Date(),
  });
  await auditDecision(change, state === "done" ? "approve" : state, after);
  return after;
}

async function auditDecision(change: Change, verb: string, { id, school_id: schoolId, ...row }: Approval): Promise<void> {
  const after = { act: row.act, target: row.target_id, askedBy: row.asked_by, state: row.state };
  await change.audit({ action: `approval.${verb}`, schoolId, targetKind: "approval", targetId: id, after });
}

async function tellAsker(change: Change, actor: Actor, approval: Approval, outcome: "done" | "refused" | "outdated") {
  await change.emit("approval.decided", approval.school_id, approvalEventData(approval));
  const body = await presentApproval(change.trx, actor, approval);
  if (approval.asked_by !== null) await queueStaffNotices(change, [approval.asked_by], decidedNotice(body, outcome));
  return body;
}

/** The same change, whose audit entries say who asked, and who approved. */
function asAsker(change: Change, asker: Actor, { id, decided_by: approvedBy }: Approval): Change {
  return { ...change, audit: (entry) => change.audit({ ...entry, after: { ...entry.after, approval: id, approvedBy } }, asker) };
}

/** The asker as they are now. @throws RefusalError conflict, where the account is no longer what it was */
async function askerOf(trx: Transaction<Tables>, { asked_kind, asked_by, asked_role, school_id }: Approval): Promise<Actor> {
  const base = { scopes: null, ip: "" } as const;
  if (asked_kind === "token") return { ...base, kind: "token", id: null, name: "operator", role: "operator", schoolId: null };
  const user = await trx
    .selectFrom("users")
    .select(["id", "name", "role", "school_id"])
    .where("id", "=", asked_by ?? "")
    .where("disabled_at", "is", null)
    .executeTakeFirst();
  const isThere = user?.role === asked_role && (user.school_id === null || user.school_id === school_id);
  if (!user || !isThere) throw askerGone();
  return { ...base, kind: "user", id: user.id, name: user.name, role: user.role, schoolId: user.school_id };
}

function askerGone(): RefusalError {
  return new RefusalError("conflict", approvalText("asker-gone"));
}
