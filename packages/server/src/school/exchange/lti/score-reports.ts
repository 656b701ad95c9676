/**
 * Reports scores of links to their platforms, for lessons and for examinations: which links may, how the scores are sent, and what their rows say afterwards. A report
 * that fails is repeated with growing delays, from where it was.
 */
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Logger } from "../../../platform/log.ts";
import { json } from "../../../platform/store/store.ts";
import { RETRY_DELAYS_MS } from "../../foundation/delivery/retry-schedule.ts";
import type { LtiExamLink, LtiLink, LtiPlatform } from "../../foundation/store/lti-tables.ts";
import type { Database } from "../../foundation/store/tables.ts";
import type { Turn, WorkItem } from "../../foundation/work/work-kind.ts";
import { LINE_ITEM_SCOPE, SCORE_SCOPE } from "./claims.ts";
import {
  type GradeClientOptions,
  type GradedThing,
  gradeToken,
  lineItemOf,
  postScore,
  type Score,
  ScoreRefused,
} from "./grade-client.ts";
import { reasonOf } from "./signatures.ts";

/** Of one look for due links. */
export const MAX_CANDIDATES = 100;
/** A report of a slow platform ends after this long, and goes on later. */
const REPORT_WITHIN_MS = 10 * 60_000;

type LinkTable = "lti_links" | "lti_exam_links";
type ReportedLink = LtiLink | LtiExamLink;

export type ScoreReportsOptions = GradeClientOptions & { readonly db: Database; readonly log: Logger };
export type DueLink<Link> = WorkItem & { readonly link: Link };

export type ScoreReport = {
  readonly table: LinkTable;
  /** Names the lesson or the examination in the log. */
  readonly about: Readonly<Record<string, string>>;
  /** What the log says where all scores were sent. */
  readonly success: string;
  readonly graded: GradedThing;
  /** In the order of grading. Without a time, a report that fails begins again. */
  readonly scoresOf: (platform: LtiPlatform) => Promise<readonly (Score & { readonly gradedAt?: Date })[]>;
  /** Until then all scores are reported with these. */
  readonly until: Date | null;
};

/** Whether scores of a link may be sent at all, in a query of such links with their platforms and schools. */
export function takesScores(table: LinkTable): RawBuilder<SqlBool> {
  const column = (name: string) => sql.ref(`${table}.${name}`);
  return sql<SqlBool>`(${column("grade_scopes")} @> ${json([SCORE_SCOPE])}::jsonb
    and (${column("line_item_url")} is not null
      or (${column("line_items_url")} is not null and ${column("grade_scopes")} @> ${json([LINE_ITEM_SCOPE])}::jsonb))
    and lti_platforms.enabled and lti_platforms.grades and schools.archived_at is null)`;
}

export function dueLink<Link extends ReportedLink>(
  link: Link & { readonly school_id: string; readonly due_at: Date },
): DueLink<Link> {
  return {
    id: link.id,
    schoolId: link.school_id,
    target: link.platform_id,
    failures: link.score_attempts,
    dueAt: link.due_at.getTime(),
    link,
  };
}

export async function reportScores(
  options: ScoreReportsOptions,
  link: ReportedLink,
  { now, signal }: Turn,
  report: ScoreReport,
): Promise<void> {
  const { db, log } = options;
  const { table, about, until } = report;
  const progress = { until: link.scored_until };
  const failure = await trySend(options, link, report, progress, signal);
  const delay = failure === null ? null : RETRY_DELAYS_MS[link.score_attempts];
  const isDone = delay === undefined || delay === null;
  await db
    .updateTable(table)
    .set({
      score_error: failure,
      score_attempts: isDone ? 0 : link.score_attempts + 1,
      scored_until: isDone ? until : progress.until,
      score_at: isDone ? null : new Date(now + delay),
    })
    .where("id", "=", link.id)
    .execute();
  if (failure !== null)
    log.warn({ link: link.id, ...about, reason: failure }, isDone ? "grade report failed permanently" : "grade report failed");
}

/** Why the report failed; null: it did not. `progress` follows what was sent. */
async function trySend(
  options: ScoreReportsOptions,
  link: ReportedLink,
  { table, about, success, graded, scoresOf }: ScoreReport,
  progress: { until: Date | null },
  signal: AbortSignal,
): Promise<string | null> {
  const { db, log } = options;
  try {
    const platform = await db.selectFrom("lti_platforms").selectAll().where("id", "=", link.platform_id).executeTakeFirstOrThrow();
    const scores = await scoresOf(platform);
    if (scores.length === 0) return null;
    const token = await gradeToken(options, platform, link);
    const lineItem = await lineItemOf(options, token, link, graded);
    if (lineItem !== link.line_item_url)
      await db.updateTable(table).set({ line_item_url: lineItem }).where("id", "=", link.id).execute();
    const startedAt = performance.now();
    let refused = 0;
    for (const [at, score] of scores.entries()) {
      if (performance.now() - startedAt > REPORT_WITHIN_MS || signal.aborted) throw new Error("not all scores were sent in time");
      if (!(await sendScore(options, token, lineItem, score))) refused++;
      // A batch of grading has one time: it counts once all of it is sent.
      const { gradedAt } = score;
      if (gradedAt && scores[at + 1]?.gradedAt?.getTime() !== gradedAt.getTime()) progress.until = gradedAt;
    }
    log.info({ link: link.id, ...about, scores: scores.length - refused, refused }, success);
    return null;
  } catch (error) {
    return reasonOf(error).slice(0, 500);
  }
}

/** False where the platform takes no score for the person, which hides nobody else's. */
async function sendScore(options: GradeClientOptions, token: string, lineItem: string, score: Score): Promise<boolean> {
  try {
    await postScore(options, token, lineItem, score);
    return true;
  } catch (error) {
    if (error instanceof ScoreRefused) return false;
    throw error;
  }
}
