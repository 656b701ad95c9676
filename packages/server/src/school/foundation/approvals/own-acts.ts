/** Carries out the acts of approvals themselves: an operator's entry, and the end of an act's need for approval. */
import { RefusalError } from "../../../platform/api/server.ts";
import { approvalText } from "../messages/approval-texts.ts";
import { ADMINISTRATORS } from "../requests/permissions.ts";
import { updateRow } from "../store/update-row.ts";
import type { ApprovalAct } from "./act.ts";
import { switchColumns, switchesOf, switchState } from "./switches.ts";

const MINUTE_MS = 60_000;

export const operatorEntry: ApprovalAct = {
  askers: ["operator"],
  // A school is entered whatever it is like.
  stateOf: async (trx, { school_id }) => {
    const school = await trx.selectFrom("schools").select("id").where("id", "=", school_id).executeTakeFirst();
    return school ? "" : null;
  },
  carryOut: async (change, approval) => {
    const minutes = Number(approval.params["minutes"]);
    if (!(minutes > 0)) throw new RefusalError("conflict", approvalText("no-entry"));
    const ends_at = new Date(Date.now() + minutes * MINUTE_MS);
    await updateRow(change, "approvals", approval, { ends_at });
    await change.audit({
      action: "school.operator-entry",
      schoolId: approval.school_id,
      targetKind: "school",
      targetId: approval.school_id,
      after: { minutes, until: ends_at.toISOString(), text: approval.reason },
    });
  },
};

export const turnOff: ApprovalAct = {
  askers: ADMINISTRATORS,
  stateOf: async (trx, { school_id }) => {
    const school = await trx.selectFrom("schools").selectAll().where("id", "=", school_id).executeTakeFirst();
    return school ? switchState(school) : null;
  },
  carryOut: async (change, { school_id: schoolId, params }) => {
    const before = await change.trx.selectFrom("schools").selectAll().where("id", "=", schoolId).executeTakeFirstOrThrow();
    const off = Object.fromEntries(Object.keys(params).map((name) => [name, false]));
    const after = await updateRow(change, "schools", before, switchColumns(off));
    await change.audit({
      action: "school.four-eyes",
      schoolId,
      targetKind: "school",
      targetId: schoolId,
      before: { ...switchesOf(before) },
      after: { ...switchesOf(after) },
    });
  },
};
