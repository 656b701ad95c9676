/** Writes the rows of guardians and of the daily check-in that tests of who may do what need. */
import { json } from "../packages/server/src/platform/store/store.ts";
import type { Database } from "../packages/server/src/school/foundation/store/tables.ts";

type Ids = Readonly<Record<"guardianId" | "userId" | "formId", string>>;

/** A guardian, and a form of the daily check-in. */
export async function freshCheckIn(db: Database, school_id: string, id: Ids): Promise<void> {
  const told = { absences: true, check_ins: true };
  await db
    .insertInto("guardians")
    .values({ ...told, id: id.guardianId, school_id, child_id: id.userId, name: "Guardian", email: "guardian@school.example" })
    .execute();
  // A school may have only so many.
  await db.deleteFrom("check_in_forms").where("school_id", "=", school_id).execute();
  const fields = json([{ key: "fever", label: "Fever?", type: "yes-no" as const, options: [], required: true }]);
  await db.insertInto("check_in_forms").values({ id: id.formId, school_id, name: "Health", fields, enabled: true }).execute();
}
