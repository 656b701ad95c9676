/** Decides who is invited to a first sign-in: selected people, a course, or a whole school; and why some of them are not. */
import type { Actor } from "../../../access/actor.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { systemClock } from "../../../platform/clock.ts";
import { accountInvitationText } from "../../foundation/messages/account-invitation-texts.ts";
import type { Db, School, User } from "../../foundation/store/tables.ts";
import { checkMayManage } from "../accounts/account-rights.ts";
import { findCourse } from "../courses/course.ts";

/** Between two mails to one person. */
const MAIL_PAUSE_MS = 15 * 60_000;
/** As many as one school year brings, and one answer holds. */
export const MAX_INVITED = 2000;
/** As a register is written: student 2 before student 10, Chinese names by pinyin. */
const REGISTER_ORDER = new Intl.Collator("zh-CN", { numeric: true });

export type Selection = {
  readonly userIds?: readonly string[] | undefined;
  readonly courseId?: string | undefined;
  /** People who have signed in get a link for a new password. */
  readonly alsoSignedIn: boolean;
};

export const SKIPPED_BECAUSE = ["signed-in", "suspended", "no-mail", "just-mailed", "self", "unknown"] as const;
export type Skipped = { readonly userId: string; readonly name: string; readonly because: (typeof SKIPPED_BECAUSE)[number] };
export type Invited = { readonly people: readonly User[]; readonly skipped: readonly Skipped[] };

/**
 * @param needsMail people without a mail address are skipped
 * @throws RefusalError conflict, not-found; refused-by-rule, where a key may not manage somebody's role
 */
export async function invitedAccounts(
  db: Db,
  actor: Actor,
  school: School,
  selection: Selection,
  needsMail: boolean,
): Promise<Invited> {
  if (!school.password_sign_in) throw new RefusalError("conflict", accountInvitationText("passwords-off"));
  const selected = await selectedPeople(db, actor, school, selection);
  const mailed = needsMail ? await justMailed(db, school) : new Set<string>();
  const people: User[] = [];
  const skipped: Skipped[] = [];
  for (const user of selected) {
    const because = skippedBecause(user, actor, selection, needsMail) ?? (mailed.has(user.id) ? "just-mailed" : null);
    if (because === null) people.push(user);
    else skipped.push({ userId: user.id, name: user.name, because });
  }
  const known = new Set(selected.map(({ id }) => id));
  for (const userId of selection.userIds ?? []) if (!known.has(userId)) skipped.push({ userId, name: "", because: "unknown" });
  checkMayManage(actor, ...new Set(people.map(({ role }) => role)));
  return { people, skipped };
}

function skippedBecause(user: User, actor: Actor, { alsoSignedIn }: Selection, needsMail: boolean): Skipped["because"] | null {
  if (user.disabled_at !== null) return "suspended";
  // Who changes the own password proves who they are; a link would do without.
  if (user.id === actor.id) return "self";
  if (user.signed_in_at !== null && !alsoSignedIn) return "signed-in";
  return needsMail && user.email === null ? "no-mail" : null;
}

async function justMailed(db: Db, school: School): Promise<ReadonlySet<string>> {
  const recent = await db
    .selectFrom("account_mails")
    .select("user_id")
    .where("school_id", "=", school.id)
    .where("created_at", ">", new Date(systemClock.utc() - MAIL_PAUSE_MS))
    .execute();
  return new Set(recent.map(({ user_id: userId }) => userId));
}

/** People of the school, in the order of a register. Without a selection those who have not signed in. */
async function selectedPeople(db: Db, actor: Actor, school: School, selection: Selection): Promise<readonly User[]> {
  const { userIds, courseId, alsoSignedIn } = selection;
  let people = db.selectFrom("users").selectAll().where("school_id", "=", school.id);
  if (userIds !== undefined) people = people.where("id", "in", userIds);
  if (courseId !== undefined) {
    const course = await findCourse(db, actor, courseId);
    const members = db.selectFrom("course_members").select("user_id").where("course_id", "=", course.id);
    people = people.where("id", "in", members);
  }
  if (userIds === undefined && courseId === undefined) {
    people = people.where("disabled_at", "is", null);
    if (!alsoSignedIn) people = people.where("signed_in_at", "is", null);
  }
  const found = await people
    .orderBy("name")
    .orderBy("id")
    .limit(MAX_INVITED + 1)
    .execute();
  if (found.length > MAX_INVITED)
    throw new RefusalError("conflict", accountInvitationText("too-many-people", { max: MAX_INVITED }));
  return found.toSorted((a, b) => REGISTER_ORDER.compare(a.name, b.name));
}
