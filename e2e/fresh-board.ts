/** Provides a board with an empty page for tests of who may do what. */
import { newId } from "../packages/server/src/platform/id.ts";
import { json } from "../packages/server/src/platform/store/store.ts";
import type { Database } from "../packages/server/src/school/foundation/store/tables.ts";

export async function freshBoard(db: Database, lesson_id: string): Promise<void> {
  await db.insertInto("rooms").values({ lesson_id, epoch: "e", term: 0, owner: "", head: 1 }).execute();
  const body = json({ set: 1, title: "", count: 1, height: 3600, pages: "board", background: "blank" });
  const sender = { from_id: "", from_name: "", from_role: "" as const, audience: "all", media_time: null };
  const entry = { epoch: "e", seq: 1, at: new Date(), id: newId(), kind: "page", key: "page/1", gone: false, sampled: false };
  await db
    .insertInto("room_entries")
    .values({ lesson_id, ...entry, ...sender, body })
    .execute();
}
