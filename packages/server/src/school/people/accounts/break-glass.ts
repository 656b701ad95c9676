/**
 * Makes break-glass accounts: operators for an emergency, with a password that signs in once and an end after some minutes. They are made on the
 * server's machine alone (`lectern break-glass`), need no provider, no second factor and no mail, and everything about them is told: the audit log,
 * the server's log, an alarm, mails to operators and administrators (CIS Controls 8, safeguard 5.4; OWASP ASVS 4.0, 1.2.4).
 */
import { randomBytes } from "node:crypto";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import type { Logger } from "../../../platform/log.ts";
import { queueStaffNotices, type StaffNotice } from "../../foundation/delivery/staff-notices.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import type { Change, Changes } from "../../foundation/store/change.ts";
import { SYSTEM } from "../../foundation/store/requester.ts";
import type { Database, User } from "../../foundation/store/tables.ts";
import { generatePassword, hashPassword } from "./password.ts";

export const BREAK_GLASS_MINUTES = { usual: 30, least: 5, most: 240 } as const;
/** At the same time. */
const MAX_ACCOUNTS = 5;
/** On a platform of a thousand schools the mail server has other things to do. */
const MAX_TOLD = 500;
const MAX_REASON = 500;
const MINUTE_MS = 60_000;

export type BreakGlassRequest = {
  readonly minutes: number;
  /** Why, in the words of who makes it; may be empty. */
  readonly reason: string;
  /** The account of the machine that made it. */
  readonly madeBy: string;
};

export type BreakGlassAccount = { readonly login: string; readonly password: string; readonly until: string };

/** There are too many, or the time is out of range; in words for who runs the command. */
export class BreakGlassRefusal extends Error {
  override readonly name = "BreakGlassRefusal";
}

/** @throws BreakGlassRefusal */
export async function makeBreakGlassAccount(
  { changes, log }: { readonly changes: Changes; readonly log: Logger },
  { minutes, reason, madeBy }: BreakGlassRequest,
  now: number = Date.now(),
): Promise<BreakGlassAccount> {
  const { least, most } = BREAK_GLASS_MINUTES;
  if (!Number.isInteger(minutes) || minutes < least || minutes > most)
    throw new BreakGlassRefusal(`a break-glass account lasts ${least} to ${most} minutes`);
  const password = generatePassword();
  const hash = await hashPassword(password);
  const until = new Date(now + minutes * MINUTE_MS);
  const login = `break-glass-${randomBytes(4).toString("hex")}`;
  const text = reason.slice(0, MAX_REASON);
  await changes.transact(SYSTEM, async (change) => {
    const open = await openAccounts(change.trx, now);
    if (open.length >= MAX_ACCOUNTS)
      throw new BreakGlassRefusal(`there are ${open.length} break-glass accounts already; wait until one has ended`);
    const row = { id: newId(), school_id: null, login, name: `Break-glass account ${login.slice(-8)}`, email: null };
    await change.trx
      .insertInto("users")
      .values({ ...row, role: "operator", password_hash: hash, calendar_secret: null, break_glass_until: until })
      .execute();
    const about = { schoolId: null, targetKind: "user", targetId: row.id };
    await change.audit({ action: "break-glass.create", ...about, after: { login, until: until.toISOString(), madeBy, text } });
    await tellEverybody(change, madeNotice(login, until, madeBy, text));
    change.afterCommit(() => log.warn({ login, until, madeBy, reason: text }, "break-glass account made"));
    return { body: null };
  });
  return { login, password, until: until.toISOString() };
}

/**
 * Notes the one sign-in of a break-glass account, and tells of it. Its password signs in no second time.
 * @returns false where the password was used meanwhile, or the account has ended
 */
export async function useBreakGlassAccount(
  { changes, log }: { readonly changes: Changes; readonly log: Logger },
  user: User,
  ip: string,
  now: number,
): Promise<boolean> {
  const actor = { kind: "user", id: user.id, name: user.name, role: "operator", schoolId: null, scopes: null, ip } as const;
  const { body: isUsed } = await changes.transact({ actor }, async (change) => {
    const used = await change.trx
      .updateTable("users")
      .set((row) => ({ password_hash: null, version: row("version", "+", 1) }))
      .where("id", "=", user.id)
      .where("password_hash", "=", user.password_hash)
      .where("break_glass_until", ">", new Date(now))
      .returning("break_glass_until")
      .executeTakeFirst();
    if (!used) return { body: false };
    await change.audit({ action: "break-glass.sign-in", schoolId: null, targetKind: "user", targetId: user.id });
    await tellEverybody(change, usedNotice(user.login, used.break_glass_until ?? new Date(now), ip));
    change.afterCommit(() => log.warn({ login: user.login, ip, until: used.break_glass_until }, "break-glass account signed in"));
    return { body: true };
  });
  return isUsed;
}

/** @throws RefusalError conflict: the account of an emergency has one sign-in, and gets no other password */
export function checkKeepsOneSignIn({ break_glass_until: until }: Pick<User, "break_glass_until">): void {
  if (until !== null) throw new RefusalError("conflict", schoolText("break-glass-once"));
}

/** Suspends those that have ended, so that lists of people show it, and ends their sessions. @returns whether there were any */
export async function endBreakGlassAccounts(db: Database, now: number): Promise<boolean> {
  const ended = await db
    .updateTable("users")
    .set((row) => ({ disabled_at: new Date(now), password_hash: null, version: row("version", "+", 1) }))
    .where("break_glass_until", "<=", new Date(now))
    .where("disabled_at", "is", null)
    .returning("id")
    .execute();
  const ids = ended.map(({ id }) => id);
  if (ids.length > 0) await db.deleteFrom("sessions").where("user_id", "in", ids).execute();
  return ids.length > 0;
}

/** Those that have not ended. */
export async function openAccounts(
  db: Pick<Database, "selectFrom">,
  now: number,
): Promise<{ readonly login: string; readonly until: Date; readonly isUsed: boolean }[]> {
  const rows = await db
    .selectFrom("users")
    .select(["login", "break_glass_until", "password_hash"])
    .where("break_glass_until", ">", new Date(now))
    .where("disabled_at", "is", null)
    .orderBy("id")
    .execute();
  return rows.map((row) => ({
    login: row.login,
    until: row.break_glass_until ?? new Date(now),
    isUsed: row.password_hash === null,
  }));
}

/** Operators, and the administrators of all schools: the account may enter each of them. */
async function tellEverybody(change: Change, notice: StaffNotice): Promise<void> {
  const people = await change.trx
    .selectFrom("users")
    .leftJoin("schools", "schools.id", "users.school_id")
    .select("users.id")
    .where("users.role", "in", ["operator", "administrator"])
    .where("users.email", "is not", null)
    .where("users.disabled_at", "is", null)
    .where("schools.archived_at", "is", null)
    // Operators first.
    .orderBy("users.school_id", (order) => order.asc().nullsFirst())
    .orderBy("users.id")
    .limit(MAX_TOLD)
    .execute();
  await queueStaffNotices(
    change,
    people.map(({ id }) => id),
    notice,
  );
}

const SUBJECT = "Lectern: break-glass account / 应急账号";

function madeNotice(login: string, until: Date, madeBy: string, reason: string): StaffNotice {
  const english = `${madeBy} has made the break-glass account ${login} on the server. It has the rights of an operator until ${until.toISOString()}.`;
  const chinese = `${madeBy} 在服务器上创建了应急账号 ${login}，在 ${until.toISOString()} 之前拥有平台管理员的权限。`;
  const why = reason === "" ? "" : `\n\n“${reason}”`;
  return { subject: SUBJECT, body: `${english}\n${chinese}${why}\n\n${WHAT_TO_DO}` };
}

function usedNotice(login: string, until: Date, ip: string): StaffNotice {
  const english = `The break-glass account ${login} has signed in from ${ip}. It has the rights of an operator until ${until.toISOString()}.`;
  const chinese = `应急账号 ${login} 已从 ${ip} 登录，在 ${until.toISOString()} 之前拥有平台管理员的权限。`;
  return { subject: SUBJECT, body: `${english}\n${chinese}\n\n${WHAT_TO_DO}` };
}

const WHAT_TO_DO =
  "If you know of no emergency, ask the people who run the server at once. The audit log has everything that the account does.\n如果你不知道有紧急情况，请立即联系服务器运维人员。该账号的所有操作都记录在审计日志中。\n";
