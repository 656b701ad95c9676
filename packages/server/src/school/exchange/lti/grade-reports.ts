/**
 * Reports the attendance of lessons that have ended to the platforms whose links open them: one point for students who joined, none for those who did
 * not. What is due is in the rows of the links, so a restart loses nothing; a report that fails is repeated with growing delays.
 */
import { type SqlBool, sql } from "kysely";
import type { LtiLink, LtiPlatform } from "../../foundation/store/lti-tables.ts";
import type { Database, Lesson } from "../../foundation/store/tables.ts";
import type { Look, Turn, WorkKind } from "../../foundation/work/work-kind.ts";
import { SCORE_MAXIMUM } from "./deep-linking.ts";
import type { Score } from "./grade-client.ts";
import { type DueLink, dueLink, MAX_CANDIDATES, reportScores, type ScoreReportsOptions, takesScores } from "./score-reports.ts";

/** A publisher that comes back continues the lesson: its end counts after this long. */
const SETTLED_AFTER_MS = 2 * 60_000;
/** Reports at the same time: of all schools, and of one. */
const PLACES = { total: 8, perSchool: 2 };

/** No wake-up is needed: a lesson settles for longer than the work sleeps. */
export function gradeReports(options: ScoreReportsOptions): WorkKind<DueLink<LtiLink>> {
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
async function findDue(db: Database, { until, busy }: Look): Promise<DueLink<LtiLink>[]> {
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
        .where(takesScores("lti_links"))
        .where("lti_links.id", "not in", ["", ...busy]),
    )
    .selectFrom("due")
    .selectAll()
    .where("place", "<=", PLACES.perSchool)
    .orderBy("due_at")
    .limit(MAX_CANDIDATES)
    .execute();
  return due.map(dueLink<LtiLink>);
}

async function reportLink(options: ScoreReportsOptions, link: LtiLink, turn: Turn): Promise<void> {
  const { db } = options;
  const lesson = await db.selectFrom("lessons").selectAll().where("id", "=", link.lesson_id).executeTakeFirstOrThrow();
  await reportScores(options, link, turn, {
    table: "lti_links",
    about: { lesson: lesson.id },
    success: "attendance reported as grades",
    graded: { ...lesson, maximum: SCORE_MAXIMUM },
    scoresOf: (platform) => attendanceOf(db, platform, lesson),
    until: lesson.ended_at,
  });
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
