/**
 * Reports the attendance of lessons that have ended to the platforms whose links open them: one point for students who joined, none for those who did
 * not. What is due is in the rows of the links, so a restart loses nothing; a report that fails is repeated with growing delays.
 */
import { type SqlBool, sql } from "kysely";
import type { Logger } from "../../../platform/log.ts";
import { json } from "../../../platform/store/store.ts";
import { RETRY_DELAYS_MS } from "../../foundation/delivery/retry-schedule.ts";
import type { LtiLink, LtiPlatform } from "../../foundation/store/lti-tables.ts";
import type { Database, Lesson } from "../../foundation/store/tables.ts";
import type { Look, Turn, WorkItem, WorkKind } from "../../foundation/work/work-kind.ts";
import { LINE_ITEM_SCOPE, SCORE_SCOPE } from "./claims.ts";
import { SCORE_MAXIMUM } from "./deep-linking.ts";
import { type GradeClientOptions, gradeToken, lineItemOf, type Score } from "./grade-client.ts";
import { sendScore } from "./send-score.ts";
import { reasonOf } from "./signatures.ts";

/** A publisher that comes back continues the lesson: its end counts after this long. */
const SETTLED_AFTER_MS = 2 * 60_000;
/** Reports at the same time: of all schools, and of one. */
const PLACES = { total: 8, perSchool: 2 };
const MAX_CANDIDATES = 100;
/** A report of a slow platform ends after this long, and is repeated. */
const REPORT_WITHIN_MS = 10 * 60_000;

type DueLink = WorkItem & { readonly link: LtiLink };

export type GradeReportsOptions = GradeClientOptions & { readonly db: Database; readonly log: Logger };

/** No wake-up is needed: a lesson settles for longer than the work sleeps. */
export function gradeReports(options: GradeReportsOptions): WorkKind<DueLink> {
  return {
    name: "grade-reports",
    places: PLACES,
    failure: "grade report not saved",
    find: (look) => findDue(options.db, look),
    perform: ({ link }, turn) => reportLink(options, link, turn),
  };
}

const DUE_AT = sql<Date>`greatest(lessons.ended_at + ${sql.lit(SETTLED_AFTER_MS)} * interval '1 millisecond', lti_links.score_at)`;

/** Links whose report is due, of each school the first ones: a school with slow platforms holds up no other. */
async function findDue(db: Database, { until, busy }: Look): Promise<DueLink[]> {
  const due = await db
    .with("due", (query) =>
      query
        .selectFrom("lti_links")
        .innerJoin("lessons", "lessons.id", "lti_links.lesson_id")
        .innerJoin("lti_platforms", "lti_platforms.id", "lti_links.platform_id")
        .innerJoin("schools", "schools.id", "lti_platforms.school_id")
        .selectAll("lti_links")
        .select(["lti_platforms.school_id", DUE_AT.as("due_at")])
        .select(sql<number>`row_number() over (partition by lti_platforms.school_id order by ${DUE_AT})`.as("place"))
        .where("lessons.state", "=", "ended")
        .where("lessons.deleted_at", "is", null)
        .where(DUE_AT, "<=", new Date(until))
        .where(sql<SqlBool>`(lti_links.scored_until is null or lti_links.scored_until < lessons.ended_at)`)
        .where("lti_links.recording_id", "is", null)
        .where(sql<SqlBool>`lti_links.grade_scopes @> ${json([SCORE_SCOPE])}::jsonb`)
        .where(
          sql<SqlBool>`(lti_links.line_item_url is not null
            or (lti_links.line_items_url is not null and lti_links.grade_scopes @> ${json([LINE_ITEM_SCOPE])}::jsonb))`,
        )
        .where("lti_platforms.enabled", "=", true)
        .where("lti_platforms.grades", "=", true)
        .where("schools.archived_at", "is", null)
        .where("lti_links.id", "not in", ["", ...busy]),
    )
    .selectFrom("due")
    .selectAll()
    .where("place", "<=", PLACES.perSchool)
    .orderBy("due_at")
    .limit(MAX_CANDIDATES)
    .execute();
  return due.map(({ school_id: schoolId, due_at: dueAt, place, ...link }) => ({
    id: link.id,
    schoolId,
    target: link.platform_id,
    failures: link.score_attempts,
    dueAt: dueAt.getTime(),
    link,
  }));
}

async function reportLink(options: GradeReportsOptions, link: LtiLink, { now, signal }: Turn): Promise<void> {
  const { db, log } = options;
  const lesson = await db.selectFrom("lessons").selectAll().where("id", "=", link.lesson_id).executeTakeFirstOrThrow();
  const failure = await tryReport(options, link, lesson, signal);
  const delay = failure === null ? null : RETRY_DELAYS_MS[link.score_attempts];
  const isDone = delay === undefined || delay === null;
  await db
    .updateTable("lti_links")
    .set({
      score_error: failure,
      score_attempts: isDone ? 0 : link.score_attempts + 1,
      ...(isDone ? { scored_until: lesson.ended_at, score_at: null } : { score_at: new Date(now + delay) }),
    })
    .where("id", "=", link.id)
    .execute();
  if (failure !== null)
    log.warn(
      { link: link.id, lesson: lesson.id, reason: failure },
      isDone ? "grade report failed permanently" : "grade report failed",
    );
}

/** Why the report failed; null: it did not. */
async function tryReport(options: GradeReportsOptions, link: LtiLink, lesson: Lesson, signal: AbortSignal): Promise<string | null> {
  const { db, log } = options;
  try {
    const platform = await db.selectFrom("lti_platforms").selectAll().where("id", "=", link.platform_id).executeTakeFirstOrThrow();
    const students = await attendanceOf(db, platform, lesson);
    if (students.length === 0) return null;
    const token = await gradeToken(options, platform, link);
    const lineItem = await lineItemOf(options, token, link, { ...lesson, maximum: SCORE_MAXIMUM });
    if (lineItem !== link.line_item_url)
      await db.updateTable("lti_links").set({ line_item_url: lineItem }).where("id", "=", link.id).execute();
    const startedAt = performance.now();
    let refused = 0;
    for (const student of students) {
      if (performance.now() - startedAt > REPORT_WITHIN_MS || signal.aborted) throw new Error("not all scores were sent in time");
      if (!(await sendScore(options, token, lineItem, student))) refused++;
    }
    log.info({ link: link.id, lesson: lesson.id, scores: students.length - refused, refused }, "attendance reported as grades");
    return null;
  } catch (error) {
    return reasonOf(error).slice(0, 500);
  }
}

/** The students of the lesson's course whom the platform knows. As in the attendance export, those are present who have joined. */
async function attendanceOf(db: Database, { issuer, school_id }: LtiPlatform, lesson: Lesson): Promise<Score[]> {
  const rows = await db
    .selectFrom("course_members")
    .innerJoin("lti_people", "lti_people.user_id", "course_members.user_id")
    .leftJoin("participants", (join) =>
      join
        .onRef("participants.user_id", "=", "course_members.user_id")
        .on("participants.lesson_id", "=", lesson.id)
        .on("participants.waiting_since", "is", null),
    )
    .select(["lti_people.subject", "participants.id as participant"])
    .where("course_members.course_id", "=", lesson.course_id ?? "")
    .where("course_members.role", "=", "student")
    .where("lti_people.school_id", "=", school_id)
    .where("lti_people.issuer", "=", issuer)
    .orderBy("lti_people.subject")
    .execute();
  return rows.map(({ subject, participant }) => {
    const isPresent = participant !== null;
    return { subject, given: isPresent ? SCORE_MAXIMUM : 0, maximum: SCORE_MAXIMUM, isCompleted: isPresent };
  });
}
