/** Says which people of a school its directory sees. */
import type { Db } from "../../foundation/store/tables.ts";

export const USER_PATH = { path: "/Users" } as const;

/** People of a school that its directory sees: not those who were erased, nor those whom it has deleted. */
export function scimUsers(db: Db, schoolId: string) {
  return db
    .selectFrom("users")
    .where("users.school_id", "=", schoolId)
    .where("users.erased_at", "is", null)
    .where((where) => where.or([where("users.deprovisioned_at", "is", null), where("users.disabled_at", "is", null)]));
}
