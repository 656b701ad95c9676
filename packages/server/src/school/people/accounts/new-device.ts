/** Tells a person by mail of a sign-in on a device that the account has not been used on; not of the first sign-in of all. */
import { DateTime } from "luxon";
import { DEVICE_COOKIE } from "../../../access/credentials/device-cookie.ts";
import { networkOf } from "../../../platform/address.ts";
import { deviceInWords } from "../../foundation/requests/device.ts";
import type { Db, User } from "../../foundation/store/tables.ts";
import type { AccountContext } from "./account-context.ts";

type Request = {
  readonly ip: string;
  readonly agent: string;
  readonly cookie: (name: string) => string | null;
};

/**
 * Call it once the session is open.
 * @param user as before the sign-in
 */
export function noticeNewDevice(
  { db, signIn, mail }: Pick<AccountContext, "db" | "signIn" | "mail">,
  user: User,
  { ip, agent, cookie }: Request,
): void {
  if (user.signed_in_at === null || !signIn.devices.isNew(cookie(DEVICE_COOKIE), user)) return;
  const at = new Date();
  mail.afterAnswer(async () => {
    const time = inWords(at, await timeZoneOf(db, user.school_id));
    // Enough to recognise the own one: mail is not encrypted everywhere.
    await mail.notifyDevice(user, { time, network: networkOf(ip, 64) ?? ip, device: deviceInWords(agent) });
  });
}

async function timeZoneOf(db: Db, schoolId: string | null): Promise<string> {
  if (schoolId === null) return "UTC";
  const school = await db.selectFrom("schools").select("time_zone").where("id", "=", schoolId).executeTakeFirst();
  return school?.time_zone ?? "UTC";
}

function inWords(at: Date, zone: string): string {
  return `${DateTime.fromJSDate(at, { zone }).toFormat("yyyy-MM-dd HH:mm")} (${zone})`;
}
