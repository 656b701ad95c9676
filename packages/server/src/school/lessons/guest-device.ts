/**
 * Recognizes the device of a guest who was removed: by the mark that the class page keeps, or by the address and the browser. Neither is proof.
 * A guest who clears the page's data and changes the browser or the network is a new one; a lock, a waiting room or a new code help then.
 */
import { createHash } from "node:crypto";
import { hashSecret } from "../../platform/secrets.ts";
import type { Db } from "../foundation/store/tables.ts";

export type GuestDevice = {
  /** The mark that the page keeps; null: the client sent none. */
  readonly mark: string | null;
  readonly ip: string;
  /** The request's `User-Agent`. */
  readonly agent: string;
};

type DeviceHashes = { readonly device_hash: string | null; readonly browser_hash: string | null };

/** The columns of a participant that recognize the device. They contain the lesson's id, so that nobody can be followed through lessons. */
export function deviceHashes(lessonId: string, device: GuestDevice | undefined): DeviceHashes {
  if (!device) return { device_hash: null, browser_hash: null };
  const hash = (...parts: readonly string[]) =>
    createHash("sha256")
      .update([lessonId, ...parts].join("\n"))
      .digest("hex");
  return {
    device_hash: device.mark === null ? null : hash("mark", device.mark),
    browser_hash: hash("browser", device.ip, device.agent),
  };
}

export type ReturningGuest = {
  /** Null: nobody is signed in. */
  readonly userId: string | null;
  /** From an earlier join. */
  readonly token: string | null;
  readonly device: GuestDevice;
};

/** Whether a guest was removed from the lesson: by account, by token or by device. */
export async function isGuestRemoved(db: Db, lessonId: string, { userId, token, device }: ReturningGuest): Promise<boolean> {
  const removed = await db
    .selectFrom("participants")
    .select("id")
    .where("lesson_id", "=", lessonId)
    .where("removed_at", "is not", null)
    .where(({ eb, or }) =>
      or([eb("user_id", "=", userId ?? ""), ...(token === null ? [] : [eb("token_hash", "=", hashSecret(token))])]),
    )
    .limit(1)
    .executeTakeFirst();
  return removed !== undefined || (await isDeviceRemoved(db, lessonId, device));
}

/** Whether a participant was removed together with this device. */
export async function isDeviceRemoved(db: Db, lessonId: string, device: GuestDevice | undefined): Promise<boolean> {
  const { device_hash, browser_hash } = deviceHashes(lessonId, device);
  if (browser_hash === null) return false;
  const removed = await db
    .selectFrom("participants")
    .select("id")
    .where("lesson_id", "=", lessonId)
    .where("removed_at", "is not", null)
    .where("device_removed", "=", true)
    .where(({ eb, or }) =>
      or([eb("browser_hash", "=", browser_hash), ...(device_hash === null ? [] : [eb("device_hash", "=", device_hash)])]),
    )
    .limit(1)
    .executeTakeFirst();
  return removed !== undefined;
}
