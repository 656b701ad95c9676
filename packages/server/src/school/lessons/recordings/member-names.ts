/** Provides the names of people whose streams are recorded each: those of a small lesson. */
import { memberOf } from "../../../access/policies/stream-policy.ts";
import type { Db } from "../../foundation/store/tables.ts";

/** @returns the names of members by their streams; a lesson's own stream has none */
export async function namesOfMembers(db: Db, streams: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const members = streams.flatMap((stream) => memberOf(stream) ?? []);
  if (members.length === 0) return new Map();
  const rows = await db
    .selectFrom("participants")
    .leftJoin("users", "users.id", "participants.user_id")
    .select(["participants.id", "participants.name", "users.name as account_name"])
    .where("participants.id", "in", members)
    .execute();
  const names = new Map(rows.map((row) => [row.id, row.account_name ?? row.name]));
  return new Map(
    streams.flatMap((stream) => {
      const name = names.get(memberOf(stream) ?? "");
      return name ? [[stream, name] as const] : [];
    }),
  );
}
