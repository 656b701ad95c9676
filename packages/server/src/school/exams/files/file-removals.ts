/** Deletes the bytes of answers' files whose rows are no more, wherever they are. A node that cannot be reached is asked again later. */
import type { Logger } from "../../../platform/log.ts";
import type { ExamFile } from "../../foundation/store/exam-tables.ts";
import type { Database, Db } from "../../foundation/store/tables.ts";
import { soleItem, type WorkItem, type WorkKind } from "../../foundation/work/work-kind.ts";
import type { MaterialStore } from "../../lessons/materials/material-store.ts";
import { EXAM_FILE_REMOVALS } from "../work-names.ts";

const FOUND_AT_ONCE = 100;
const FIRST_RETRY_MS = 10_000;
const MAX_RETRY_MS = 3_600_000;
/** Rows go in many ways, most of them without a word: so often is looked. */
const POLL_MS = 60_000;
/** Says when to look again, where nothing is due. */
const NONE = "none";

/** Has the bytes of a file deleted that has no row, or another place by now. */
export async function deleteBytes(db: Db, { stored_id, node }: Pick<ExamFile, "stored_id" | "node">): Promise<void> {
  await db
    .insertInto("exam_file_removals")
    .values({ stored_id, node })
    .onConflict((one) => one.doNothing())
    .execute();
}

type RemovalOptions = { readonly db: Database; readonly log: Logger; readonly materials: Pick<MaterialStore, "remove"> };

export function examFileRemovals({ db, log, materials }: RemovalOptions): WorkKind<WorkItem> {
  return {
    name: EXAM_FILE_REMOVALS,
    places: { total: 4 },
    failure: "files of answers not deleted, trying again",
    isWokenBy: ({ action }) => action === "examination.delete" || action === "examination.delete-attempt",
    find: async ({ busy, until, now }) => {
      const rows = await db
        .selectFrom("exam_file_removals")
        .select(["stored_id", "due_at", "failures"])
        .where("due_at", "<=", new Date(until))
        .$if(busy.length > 0, (due) => due.where("stored_id", "not in", [...busy]))
        .orderBy("due_at")
        .limit(FOUND_AT_ONCE)
        .execute();
      const due = rows.map((row) => ({ ...soleItem(row.stored_id, row.due_at.getTime()), failures: row.failures }));
      return due.length > 0 ? due : [soleItem(NONE, now + POLL_MS)];
    },
    perform: async ({ id, failures }, { now }) => {
      if (id === NONE) return;
      const row = await db.selectFrom("exam_file_removals").select("node").where("stored_id", "=", id).executeTakeFirst();
      if (!row) return;
      try {
        await materials.remove(row.node, id, 0);
      } catch (error) {
        log.warn({ file: id, node: row.node, reason: String(error) }, "file of an answer not deleted, retrying");
        const due_at = new Date(now + Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** failures));
        await db
          .updateTable("exam_file_removals")
          .set({ due_at, failures: failures + 1 })
          .where("stored_id", "=", id)
          .execute();
        return;
      }
      await db.deleteFrom("exam_file_removals").where("stored_id", "=", id).execute();
    },
  };
}
