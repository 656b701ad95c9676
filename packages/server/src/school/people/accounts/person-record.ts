/** Tells the audit log and webhooks of an account that was made or changed, whichever way it came: by hand, by a list, a provider, a platform or a directory. */
import type { Change } from "../../foundation/store/change.ts";
import type { User } from "../../foundation/store/tables.ts";
import { userEventData } from "./user.ts";

export async function recordCreated(change: Change, user: User): Promise<void> {
  await change.audit({ action: "user.create", ...targetOf(user), after: user });
  await change.emit("user.created", user.school_id, userEventData(user));
}

export async function recordChanged(change: Change, before: User, after: User): Promise<void> {
  await change.audit({ action: "user.change", ...targetOf(before), before, after });
  await change.emit("user.changed", after.school_id, userEventData(after));
}

function targetOf({ id, school_id: schoolId }: User) {
  return { schoolId, targetKind: "user", targetId: id };
}
