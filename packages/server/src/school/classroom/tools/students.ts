/** Reads the students of a lesson, whom its tools name: participants who neither teach nor assist nor look on, and who are let in. */
import { sql } from "kysely";
import type { RoomView } from "../domain.ts";

export type Student = { readonly id: string; readonly name: string; readonly role: "member" | "guest" };

/** In the order of the ids. */
export async function findStudents(
  { trx, lessonId }: Pick<RoomView, "trx" | "lessonId">,
  ids: readonly string[],
): Promise<Student[]> {
  if (ids.length === 0) return [];
  const rows = await trx
    .selectFrom("participants")
    .leftJoin("users", "users.id", "participants.user_id")
    .select(["participants.id", "participants.name", "participants.user_id", "users.name as account_name"])
    .where("participants.lesson_id", "=", lessonId)
    .where("participants.id", "=", sql<string>`any(${[...ids]}::text[])`)
    // Who looks on is a supervisor.
    .where("participants.role", "in", ["student", "guest"])
    .where("participants.removed_at", "is", null)
    .where("participants.waiting_since", "is", null)
    .where("users.disabled_at", "is", null)
    .orderBy("participants.id")
    .execute();
  return rows.map(({ id, name, user_id, account_name }) => ({
    id,
    name: account_name ?? name,
    role: user_id === null ? "guest" : "member",
  }));
}
