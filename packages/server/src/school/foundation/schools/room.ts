/** Limits how many things of a kind a school has. */
import { RefusalError } from "../../../platform/api/server.ts";
import type { Message } from "../../../platform/messages/message.ts";
import type { Db } from "../store/tables.ts";
import { noSuchSchool } from "./scope.ts";

/**
 * Holds the school's row, so that things that are created at the same time count one after the other.
 * @param schoolId null: the things of no school
 * @throws RefusalError not-found, where there is no such school; conflict, where it has as many as it may have
 */
export async function assertQuota(
  db: Db,
  table:
    | "sources"
    | "ladders"
    | "policies"
    | "address_lists"
    | "link_keys"
    | "word_lists"
    | "quiz_bank"
    | "probes"
    | "materials"
    | "camera_devices",
  schoolId: string | null,
  max: number,
  refusal: Message,
): Promise<void> {
  const schools = db.selectFrom("schools").select("id").where("id", "=", schoolId);
  if (schoolId !== null && !(await schools.forNoKeyUpdate().executeTakeFirst())) throw noSuchSchool();
  const all = db.selectFrom(table).select((row) => row.fn.countAll<number>().as("count"));
  const own = schoolId === null ? all.where("school_id", "is", null) : all.where("school_id", "=", schoolId);
  const { count } = await own.executeTakeFirstOrThrow();
  if (Number(count) >= max) throw new RefusalError("conflict", refusal);
}
