/** Finds the participants of a lesson, and the viewers of a recording, whose permission to watch has ended. */
import { type SqlBool, sql } from "kysely";
import type { Db, Recording } from "../foundation/store/tables.ts";
import { USER_SEES_LESSON } from "./lesson-audience.ts";

/** The viewer of a recording who gave the lesson's code. */
export const GUEST_VIEWER = "guest";
/** No session and no link lasts longer: twice the lifetime of a session. */
export const WATCHING_MS = 48 * 3600 * 1000;

/**
 * Participants who may not watch: removed, or no longer with an account, a course or a lesson that lets them in. A guest in the waiting room has no
 * link yet, and is not among them. A watcher's permission ends with the time of the link, and a television's with that of the person who let it in.
 * @param only looks at these participants only
 */
export async function endedParticipants(
  db: Db,
  lessonId: string,
  only: readonly string[] | null = null,
  now = Date.now(),
): Promise<string[]> {
  const matching = db
    .selectFrom("participants")
    .innerJoin("lessons", "lessons.id", "participants.lesson_id")
    .leftJoin("users", "users.id", "participants.user_id")
    .leftJoin("watchers", "watchers.participant_id", "participants.id")
    .leftJoin("users as children", "children.id", "watchers.child_id")
    .select("participants.id")
    .where("participants.lesson_id", "=", lessonId)
    .where(
      sql<SqlBool>`(participants.removed_at is not null or (
        participants.seen_at > ${new Date(now - WATCHING_MS)} and case
          when watchers.id is not null then
            watchers.revoked_at is not null or watchers.to_at <= ${new Date(now)} or children.disabled_at is not null
          when participants.user_id is null then not lessons.guests
          else users.disabled_at is not null or not (
            (users.role = 'operator' and ${operatorMayEnter("lessons.school_id", now)}) or ${USER_SEES_LESSON}
            or (participants.by_code and lessons.guests and users.school_id = lessons.school_id)
          )
        end
      ))`,
    )
    .orderBy("participants.id");
  const asked =
    only === null
      ? matching
      : matching.where(({ eb, or, selectFrom }) => {
          const owners = selectFrom("watchers").select("screen_of").where("participant_id", "in", only);
          return or([eb("participants.id", "in", only), eb("participants.id", "in", owners)]);
        });
  const ended = (await asked.execute()).map(({ id }) => id);
  const all = [...new Set([...ended, ...(await screensOf(db, ended))])];
  return only === null ? all : all.filter((id) => only.includes(id));
}

/** Whether a school lets an operator in, as `foundation/approvals/operator-entry.ts` decides for requests. */
export function operatorMayEnter(schoolId: string, now: number) {
  const school = sql.ref(schoolId);
  return sql<SqlBool>`(users.break_glass_until is not null
    or not exists (select from schools where schools.id = ${school} and schools.four_eyes_entry)
    or exists (select from approvals where approvals.school_id = ${school} and approvals.act = 'operator-entry'
      and approvals.state = 'done' and approvals.ends_at > ${new Date(now)} and approvals.asked_by = users.id))`;
}

/** Televisions are out with the participant whose phone let them in. */
async function screensOf(db: Db, participantIds: readonly string[]): Promise<string[]> {
  if (participantIds.length === 0) return [];
  const rows = await db.selectFrom("watchers").select("participant_id").where("screen_of", "in", participantIds).execute();
  return rows.flatMap(({ participant_id: id }) => (id === null ? [] : [id]));
}

/** Viewers of a recording, by user id, who may not watch it; with `guest` where guests may not. */
export async function endedViewers(db: Db, recording: Recording, now = Date.now()): Promise<string[]> {
  const staff = sql<SqlBool>`users.role in ('teacher', 'assistant')`;
  const rows = await db
    .selectFrom("recording_viewers")
    .innerJoin("recordings", "recordings.id", "recording_viewers.recording_id")
    .innerJoin("users", "users.id", "recording_viewers.user_id")
    .leftJoin("lessons", "lessons.id", "recordings.lesson_id")
    .select("users.id")
    .where("recording_viewers.recording_id", "=", recording.id)
    .where("recording_viewers.opened_at", ">", new Date(now - WATCHING_MS))
    .where(
      sql<SqlBool>`(users.disabled_at is not null or not coalesce(
        (users.role = 'operator' and ${operatorMayEnter("recordings.school_id", now)})
        or (users.role = 'administrator' and users.school_id = recordings.school_id)
        or (lessons.deleted_at is null and ${USER_SEES_LESSON} and (recordings.published or ${staff})), false))`,
    )
    .orderBy("users.id")
    .execute();
  return [...rows.map(({ id }) => id), ...((await admitsGuests(db, recording)) ? [] : [GUEST_VIEWER])];
}

/** Whether guests may watch a published recording, as far as its school has a second person approve that. */
export const openToGuests = sql<SqlBool>`(recordings.outside_approved or not exists (
  select from schools where schools.id = recordings.school_id and schools.four_eyes_publish))`;

async function admitsGuests(db: Db, { id, lesson_id: lessonId, published, whole }: Recording): Promise<boolean> {
  if (lessonId === null || !published) return false;
  const open = db.selectFrom("recordings").select("id").where("id", "=", id).where(openToGuests);
  if (!(await open.executeTakeFirst())) return false;
  const columns = ["guests", "deleted_at", "state"] as const;
  const lesson = await db.selectFrom("lessons").select(columns).where("id", "=", lessonId).executeTakeFirst();
  return lesson?.guests === true && lesson.deleted_at === null && (whole || lesson.state === "ended");
}
