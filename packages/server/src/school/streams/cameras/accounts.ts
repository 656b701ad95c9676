/** Provides the accounts of cameras and recorders for the SIP server, and what it finds out about them. */
import type { CameraAccount, CameraAccounts, CameraSighting } from "../../../contracts/cameras/camera-account.ts";
import { json } from "../../../platform/store/store.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Db } from "../../foundation/store/tables.ts";

/** @param password of devices that have none of their own */
export function cameraAccounts(db: Db, secrets: StoredSecrets, password: () => string): CameraAccounts {
  return {
    account: (code) => readAccount(db, secrets, code, password()),
    seen: (sighting) => writeSighting(db, sighting),
  };
}

async function readAccount(db: Db, secrets: StoredSecrets, code: string, common: string): Promise<CameraAccount | null> {
  const device = await db
    .selectFrom("camera_devices")
    .leftJoin("schools", "schools.id", "camera_devices.school_id")
    .select(["camera_devices.id", "school_id", "secret_password", "transport"])
    .where("code", "=", code)
    .where("enabled", "=", true)
    .where("schools.archived_at", "is", null)
    .executeTakeFirst();
  if (!device) return null;
  const own = secrets.decrypt("camera_devices", device.id, device.secret_password);
  if (own === null) return null;
  return { school: device.school_id ?? "", password: own === "" ? common : own, transport: device.transport };
}

/** Not a change that a person makes: the version of the row stays. */
async function writeSighting(db: Db, { device, onlineUntil, host, model, channels }: CameraSighting): Promise<void> {
  const columns = {
    online_until: onlineUntil === null ? null : new Date(onlineUntil),
    host,
    ...(model === undefined ? {} : { model }),
    ...(channels === undefined ? {} : { channels: json(channels) }),
  };
  await db.updateTable("camera_devices").set(columns).where("code", "=", device).execute();
}
