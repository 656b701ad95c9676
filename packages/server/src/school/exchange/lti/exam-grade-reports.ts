/**
 * Reports the points of examinations to the platforms whose links open them: once results are released, of each person the newest attempt, and again what was graded since.
 * Until when scores are reported is in the row of the link, so a restart loses nothing; a report that fails goes on where it was, with growing delays.
 */
import { type SqlBool, sql } from "kysely";
import type { LtiExamLink, LtiPlatform } from "../../foundation/store/lti-tables.ts";
import type { Database } from "../../foundation/store/tables.ts";
import type { Look, Turn, WorkKind } from "../../foundation/work/work-kind.ts";
import { EXAM_SCORE_MAXIMUM } from "./deep-linking.ts";
import type { Score } from "./grade-client.ts";
import { type DueLink, dueLink, MAX_CANDIDATES, reportScores, type ScoreReportsOptions, takesScores } from "./score-reports.ts";

/** A marker goes on with the next answer, and grading commits within this: what is older is complete. */
const SETTLED_AFTER_MS = 60_000;
/** Reports at the same time: of all schools, and of one. */
const PLACES = { total: 4, perSchool: 2 };

type GradedScore = Score & { readonly gradedAt: Date };

/** No wake-up is needed: points settle for longer than the work sleeps. */
export function examGradeReports(options: ScoreReportsOptions): WorkKind<DueLink<LtiExamLink>> {
  return {
    name: "exam-grade-reports",
    places: PLACES,
    failure: "examination's grade report not saved",
    find: (look) => findDue(options.db, look),
    perform: ({ link }, turn) => reportLink(options, link, turn),
  };
}

/** Attempts at the link's examination whose points are not reported. */
const UNREPORTED = sql`from exam_attempts where exam_attempts.exam_id = lti_exam_links.exam_id and user_id is not null and waiting = 0
  and (lti_exam_links.scored_until is null or graded_at > lti_exam_links.scored_until)`;
/** `greatest` leaves null out: without such attempts it says nothing. */
const DUE_AT = sql<Date>`greatest(lti_exam_links.score_at,
  (select min(graded_at) ${UNREPORTED}) + ${sql.lit(SETTLED_AFTER_MS)} * interval '1 millisecond')`;

async function findDue(db: Database, { until, busy }: Look): Promise<DueLink<LtiExamLink>[]> {
  const due = await db
    .with("due", (query) =>
      query
        .selectFrom("lti_exam_links")
        .innerJoin("exams", "exams.id", "lti_exam_links.exam_id")
        .innerJoin("lti_platforms", "lti_platforms.id", "lti_exam_links.platform_id")
        .innerJoin("schools", "schools.id", "lti_platforms.school_id")
        .selectAll("lti_exam_links")
        .select(["lti_platforms.school_id", DUE_AT.as("due_at")])
        .select(sql<number>`row_number() over (partition by lti_platforms.school_id order by ${DUE_AT})`.as("place"))
        .where("exams.deleted_at", "is", null)
        .where(sql<SqlBool>`(exams.released_at is not null or exams.practice)`)
        .where(sql<SqlBool>`exists (select ${UNREPORTED})`)
        .where(DUE_AT, "<=", new Date(until))
        .where(takesScores("lti_exam_links"))
        .where("lti_exam_links.id", "not in", ["", ...busy]),
    )
    .selectFrom("due")
    .selectAll()
    .where("place", "<=", PLACES.perSchool)
    .orderBy("due_at")
    .limit(MAX_CANDIDATES)
    .execute();
  return due.map(dueLink<LtiExamLink>);
}

async function reportLink(options: ScoreReportsOptions, link: LtiExamLink, turn: Turn): Promise<void> {
  const { db } = options;
  const horizon = new Date(turn.now - SETTLED_AFTER_MS);
  const exam = await db.selectFrom("exams").select(["id", "title"]).where("id", "=", link.exam_id).executeTakeFirstOrThrow();
  await reportScores(options, link, turn, {
    table: "lti_exam_links",
    about: { examination: exam.id },
    success: "examination reported as grades",
    graded: { ...exam, maximum: EXAM_SCORE_MAXIMUM },
    scoresOf: (platform) => scoresOf(db, platform, link, horizon),
    until: horizon,
  });
}

/** Of people whom the platform knows, the newest attempt where it was graded since, in the order of grading. */
async function scoresOf(
  db: Database,
  { issuer, school_id }: LtiPlatform,
  { exam_id, scored_until }: LtiExamLink,
  horizon: Date,
): Promise<GradedScore[]> {
  let graded = db
    .selectFrom("exam_attempts")
    .innerJoin("lti_people", "lti_people.user_id", "exam_attempts.user_id")
    .innerJoin("exams", "exams.id", "exam_attempts.exam_id")
    .select(["lti_people.subject", "points", "points_of", "graded_at"])
    .where("exam_id", "=", exam_id)
    // Results may be hidden again meanwhile.
    .where(sql<SqlBool>`(exams.released_at is not null or exams.practice)`)
    .where("lti_people.school_id", "=", school_id)
    .where("lti_people.issuer", "=", issuer)
    .where("handed_in_at", "is not", null)
    .where("waiting", "=", 0)
    .where("graded_at", "<=", horizon)
    .where(
      sql<SqlBool>`not exists (select from exam_attempts newer where newer.exam_id = exam_attempts.exam_id
        and newer.user_id = exam_attempts.user_id and newer.number > exam_attempts.number and newer.handed_in_at is not null)`,
    );
  if (scored_until !== null) graded = graded.where("graded_at", ">", scored_until);
  const rows = await graded.orderBy("graded_at").orderBy("lti_people.subject").execute();
  return rows.flatMap(({ subject, points, points_of, graded_at }) =>
    points === null || points_of === null || graded_at === null || points_of <= 0
      ? []
      : [{ subject, given: points, maximum: points_of, isCompleted: true, gradedAt: graded_at }],
  );
}
