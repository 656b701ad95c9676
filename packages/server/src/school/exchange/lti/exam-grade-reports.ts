/**
 * Reports the points of examinations to the platforms whose links open them: once results are released, of each person the newest attempt, and again what was graded since.
 * Until when scores are reported is in the row of the link, so a restart loses nothing; a report that fails goes on where it was, with growing delays.
 */
import { type SqlBool, sql } from "kysely";
import type { Logger } from "../../../platform/log.ts";
import { json } from "../../../platform/store/store.ts";
import { RETRY_DELAYS_MS } from "../../foundation/delivery/retry-schedule.ts";
import type { LtiExamLink, LtiPlatform } from "../../foundation/store/lti-tables.ts";
import type { Database } from "../../foundation/store/tables.ts";
import type { Look, Turn, WorkItem, WorkKind } from "../../foundation/work/work-kind.ts";
import { LINE_ITEM_SCOPE, SCORE_SCOPE } from "./claims.ts";
import { EXAM_SCORE_MAXIMUM } from "./deep-linking.ts";
import { type GradeClientOptions, gradeToken, lineItemOf, type Score } from "./grade-client.ts";
import { sendScore } from "./send-score.ts";
import { reasonOf } from "./signatures.ts";

/** A marker goes on with the next answer, and grading commits within this: what is older is complete. */
const SETTLED_AFTER_MS = 60_000;
/** Reports at the same time: of all schools, and of one. */
const PLACES = { total: 4, perSchool: 2 };
const MAX_CANDIDATES = 100;
/** A report of a slow platform ends after this long, and goes on later. */
const REPORT_WITHIN_MS = 10 * 60_000;

type DueLink = WorkItem & { readonly link: LtiExamLink };
type GradedScore = Score & { readonly gradedAt: Date };

export type ExamGradeReportsOptions = GradeClientOptions & { readonly db: Database; readonly log: Logger };

/** No wake-up is needed: points settle for longer than the work sleeps. */
export function examGradeReports(options: ExamGradeReportsOptions): WorkKind<DueLink> {
  return {
    name: "exam-grade-reports",
    places: PLACES,
    failure: "examination's grade report not saved",
    find: (look) => findDue(options.db, look),
    perform: ({ link }, turn) => reportLink(options, link, turn),
  };
}

/** The first points of the link's examination that are not reported. Null, and so never due: there are none. */
const DUE_AT = sql<Date>`greatest(lti_exam_links.score_at, (
  select min(graded_at) from exam_attempts where exam_attempts.exam_id = lti_exam_links.exam_id and user_id is not null and waiting = 0
    and (lti_exam_links.scored_until is null or graded_at > lti_exam_links.scored_until)
  ) + ${sql.lit(SETTLED_AFTER_MS)} * interval '1 millisecond')`;
/** `greatest` leaves null out. */
const HAS_SCORES = sql<SqlBool>`exists (
  select from exam_attempts where exam_attempts.exam_id = lti_exam_links.exam_id and user_id is not null and waiting = 0
    and (lti_exam_links.scored_until is null or graded_at > lti_exam_links.scored_until))`;

async function findDue(db: Database, { until, busy }: Look): Promise<DueLink[]> {
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
        .where(HAS_SCORES)
        .where(DUE_AT, "<=", new Date(until))
        .where(sql<SqlBool>`lti_exam_links.grade_scopes @> ${json([SCORE_SCOPE])}::jsonb`)
        .where(
          sql<SqlBool>`(lti_exam_links.line_item_url is not null
            or (lti_exam_links.line_items_url is not null and lti_exam_links.grade_scopes @> ${json([LINE_ITEM_SCOPE])}::jsonb))`,
        )
        .where("lti_platforms.enabled", "=", true)
        .where("lti_platforms.grades", "=", true)
        .where("schools.archived_at", "is", null)
        .where("lti_exam_links.id", "not in", ["", ...busy]),
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

async function reportLink(options: ExamGradeReportsOptions, link: LtiExamLink, turn: Turn): Promise<void> {
  const { db, log } = options;
  const horizon = new Date(turn.now - SETTLED_AFTER_MS);
  const progress = { until: link.scored_until };
  const failure = await tryReport(options, link, { horizon, progress, signal: turn.signal });
  const delay = failure === null ? null : RETRY_DELAYS_MS[link.score_attempts];
  const isDone = delay === undefined || delay === null;
  await db
    .updateTable("lti_exam_links")
    .set({
      score_error: failure,
      score_attempts: isDone ? 0 : link.score_attempts + 1,
      ...(isDone
        ? { scored_until: horizon, score_at: null }
        : { scored_until: progress.until, score_at: new Date(turn.now + delay) }),
    })
    .where("id", "=", link.id)
    .execute();
  if (failure !== null)
    log.warn(
      { link: link.id, examination: link.exam_id, reason: failure },
      isDone ? "grade report failed permanently" : "grade report failed",
    );
}

type Report = { readonly horizon: Date; readonly progress: { until: Date | null }; readonly signal: AbortSignal };

/** Why the report failed; null: it did not. `progress` follows what was sent. */
async function tryReport(
  options: ExamGradeReportsOptions,
  link: LtiExamLink,
  { horizon, progress, signal }: Report,
): Promise<string | null> {
  const { db, log } = options;
  try {
    const platform = await db.selectFrom("lti_platforms").selectAll().where("id", "=", link.platform_id).executeTakeFirstOrThrow();
    const scores = await scoresOf(db, platform, link, horizon);
    if (scores.length === 0) return null;
    const { id, title } = await db
      .selectFrom("exams")
      .select(["id", "title"])
      .where("id", "=", link.exam_id)
      .executeTakeFirstOrThrow();
    const token = await gradeToken(options, platform, link);
    const lineItem = await lineItemOf(options, token, link, { id, title, maximum: EXAM_SCORE_MAXIMUM });
    if (lineItem !== link.line_item_url)
      await db.updateTable("lti_exam_links").set({ line_item_url: lineItem }).where("id", "=", link.id).execute();
    const startedAt = performance.now();
    let refused = 0;
    for (const [at, score] of scores.entries()) {
      if (performance.now() - startedAt > REPORT_WITHIN_MS || signal.aborted) throw new Error("not all scores were sent in time");
      if (!(await sendScore(options, token, lineItem, score))) refused++;
      // A batch of grading has one time: it counts once all of it is sent.
      if (scores[at + 1]?.gradedAt.getTime() !== score.gradedAt.getTime()) progress.until = score.gradedAt;
    }
    log.info({ link: link.id, examination: id, scores: scores.length - refused, refused }, "examination reported as grades");
    return null;
  } catch (error) {
    return reasonOf(error).slice(0, 500);
  }
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
