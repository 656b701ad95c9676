/** Deletes the rows of examinations that were deleted, in steps: there may be millions of answers. */
import { sql } from "kysely";
import { deleteInSteps } from "../../foundation/store/delete-in-steps.ts";
import type { Database } from "../../foundation/store/tables.ts";
import { soleItem, type WorkItem, type WorkKind } from "../../foundation/work/work-kind.ts";

/** Attempts whose answers are deleted together. */
const ATTEMPTS_PER_STEP = 500;

export function examDeletion(db: Database): WorkKind<WorkItem> {
  return {
    name: "exam-deletion",
    // Each of them keeps the database busy.
    places: { total: 1 },
    failure: "examination not deleted, trying again",
    isWokenBy: ({ action }) => action === "examination.delete",
    find: async ({ busy }) => {
      const exams = db.selectFrom("exams").select("id").where("deleted_at", "is not", null).orderBy("deleted_at").limit(1);
      const rows = busy.length > 0 ? [] : await exams.execute();
      return rows.map(({ id }) => soleItem(id, 0));
    },
    perform: async ({ id }, { signal }) => {
      for (;;) {
        if (signal.aborted) return;
        const attempts = db.selectFrom("exam_attempts").select("id").where("exam_id", "=", id).limit(ATTEMPTS_PER_STEP);
        const ids = (await attempts.execute()).map((attempt) => attempt.id);
        if (ids.length === 0) break;
        const ofThem = sql<boolean>`attempt_id = any(${ids}::text[])`;
        for (const table of [
          "exam_answers",
          "exam_files",
          "exam_facts",
          "exam_marks",
          "exam_markings",
          "exam_score_changes",
        ] as const)
          await deleteInSteps(db, table, ofThem);
        await db.deleteFrom("exam_attempts").where("id", "in", ids).execute();
      }
      await db.deleteFrom("exams").where("id", "=", id).execute();
    },
  };
}
