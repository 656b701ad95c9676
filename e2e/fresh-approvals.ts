/** Writes requests for approval of a school: one that waits, and an operator's entry that lasts. */
import { json } from "../packages/server/src/platform/store/store.ts";
import type { Database } from "../packages/server/src/school/foundation/store/tables.ts";

/** A request of the operator's token to turn nothing off, which waits, and its entry, which lasts. */
export async function freshApprovals(db: Database, school_id: string, approvalId: string, entryId: string): Promise<void> {
  const later = new Date(Date.now() + 3_600_000);
  const of = {
    school_id,
    target_kind: "school",
    target_id: school_id,
    asked_kind: "token",
    asked_role: "operator",
    expires_at: later,
  } as const;
  const nothing = { asked_by: null, decided_by: null };
  await db
    .insertInto("approvals")
    .values([
      {
        ...of,
        ...nothing,
        id: approvalId,
        act: "turn-off",
        params: json({ erase: false }),
        object_state: "erase false, publish false, operatorEntry false",
      },
      {
        ...of,
        ...nothing,
        id: entryId,
        act: "operator-entry",
        params: json({ minutes: 5 }),
        object_state: "",
        state: "done",
        ends_at: later,
      },
    ])
    .execute();
}
