/** Provides people who have joined a lesson, for unit tests of its tools. */
import type { RoomPerson } from "@lectern/room";
import type { Role } from "../../../access/actor.ts";
import { newId } from "../../../platform/id.ts";
import type { Lesson } from "../../foundation/store/tables.ts";
import { insertUser, type TestDatabase } from "../../foundation/store/test-database.ts";

type Joining = {
  readonly role?: Role | "guest";
  /** Null: a guest without one. */
  readonly accountId?: string | null;
  readonly isRemoved?: boolean;
  readonly isWaiting?: boolean;
};

export async function joinLesson({ db }: TestDatabase, lesson: Lesson, name: string, joining: Joining = {}): Promise<RoomPerson> {
  const { role = "guest", accountId = null, isRemoved = false, isWaiting = false } = joining;
  const [id, now] = [newId(), new Date()];
  const times = { seen_at: now, joined_at: now, removed_at: isRemoved ? now : null, waiting_since: isWaiting ? now : null };
  await db
    .insertInto("participants")
    .values({ id, lesson_id: lesson.id, user_id: accountId, name, role, by_code: role === "guest", ...times })
    .execute();
  return { id, name, role: accountId === null ? "guest" : "member" };
}

/** The account's name counts, not that with which its person once joined. */
export async function joinWithAccount(database: TestDatabase, lesson: Lesson, name: string): Promise<RoomPerson> {
  const { id } = await insertUser(database.db, lesson.school_id, "student");
  await database.db.updateTable("users").set({ name }).where("id", "=", id).execute();
  const joined = await joinLesson(database, lesson, `${name} of before`, { role: "student", accountId: id });
  return { ...joined, name };
}
