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
import { LINE_ITEM_SCOPE, SCORE_SCOPE } from "./claims.ts";
import { type Attendance, type GradeClientOptions, gradeToken, lineItemOf, postScore, ScoreRefused } from "./grade-client.ts";
import { reasonOf } from "./signatures.ts";

const POLL_MS = 10_000;
/** A publisher that comes back continues the lesson: its end counts after this long. */
const SETTLED_AFTER_MS = 2 * 60_000;
/** Reports at the same time: of all schools, and of one. */
const MAX_REPORTS = 8;
const MAX_OF_SCHOOL = 2;
const MAX_CANDIDATES = 100;
/** A report of a slow platform ends after this long, and is repeated. */
const REPORT_WITHIN_MS = 10 * 60_000;

type DueLink = LtiLink & { readonly school_id: string };

export type GradeServiceOptions = GradeClientOptions & {
  readonly db: Database;
  readonly log: Logger;
  /** Whether this process runs the leader tasks; only the leader reports. */
  readonly isLeader: () => boolean;
};

export class GradeService {
  private readonly options: GradeServiceOptions;
  /** The schools of the links that are being reported, by link. */
  private readonly reporting = new Map<string, string>();
  private timer: NodeJS.Timeout | null = null;
  private closed = false;

  constructor(options: GradeServiceOptions) {
    this.options = options;
  }

  start(): void {
    this.timer = setInterval(() => this.wake(), POLL_MS);
    this.timer.unref();
    this.wake();
  }

  close(): void {
    this.closed = true;
    if (this.timer) clearInterval(this.timer);
  }

  /** Looks for due reports without waiting for the next poll. */
  wake(): void {
    if (this.options.isLeader() && !this.closed)
      void this.report(Date.now()).catch((error: unknown) =>
        this.options.log.warn({ reason: reasonOf(error) }, "grade reports not readable, they wait"),
      );
  }

  /** Makes the reports that are due. @param now milliseconds since 1970 */
  async report(now: number): Promise<void> {
    const due = await this.findDue(now);
    await Promise.all(due.map((link) => this.reportLink(link, now)));
  }

  /** Links whose report is due, of each school the first ones: a school with slow platforms holds up no other. */
  private async findDue(now: number): Promise<DueLink[]> {
    const busy = [...this.reporting.values()];
    const due = await this.options.db
      .with("due", (db) =>
        db
          .selectFrom("lti_links")
          .innerJoin("lessons", "lessons.id", "lti_links.lesson_id")
          .innerJoin("lti_platforms", "lti_platforms.id", "lti_links.platform_id")
          .innerJoin("schools", "schools.id", "lti_platforms.school_id")
          .selectAll("lti_links")
          .select(["lti_platforms.school_id", "lessons.ended_at"])
          .select(sql<number>`row_number() over (partition by lti_platforms.school_id order by lessons.ended_at)`.as("place"))
          .where("lessons.state", "=", "ended")
          .where("lessons.deleted_at", "is", null)
          .where("lessons.ended_at", "<=", new Date(now - SETTLED_AFTER_MS))
          .where(sql<SqlBool>`(lti_links.scored_until is null or lti_links.scored_until < lessons.ended_at)`)
          .where(sql<SqlBool>`(lti_links.score_at is null or lti_links.score_at <= ${new Date(now)})`)
          .where("lti_links.recording_id", "is", null)
          .where(sql<SqlBool>`lti_links.grade_scopes @> ${json([SCORE_SCOPE])}::jsonb`)
          .where(
            sql<SqlBool>`(lti_links.line_item_url is not null
              or (lti_links.line_items_url is not null and lti_links.grade_scopes @> ${json([LINE_ITEM_SCOPE])}::jsonb))`,
          )
          .where("lti_platforms.enabled", "=", true)
          .where("lti_platforms.grades", "=", true)
          .where("schools.archived_at", "is", null)
          .where("lti_links.id", "not in", ["", ...this.reporting.keys()]),
      )
      .selectFrom("due")
      .selectAll()
      .where("place", "<=", MAX_OF_SCHOOL)
      .orderBy("ended_at")
      .limit(MAX_CANDIDATES)
      .execute();
    const chosen: DueLink[] = [];
    for (const link of due) {
      const ofSchool = [...busy, ...chosen.map(({ school_id }) => school_id)].filter((school) => school === link.school_id).length;
      if (busy.length + chosen.length < MAX_REPORTS && ofSchool < MAX_OF_SCHOOL) chosen.push(link);
    }
    return chosen;
  }

  private async reportLink(link: DueLink, now: number): Promise<void> {
    const { db, log } = this.options;
    this.reporting.set(link.id, link.school_id);
    try {
      const lesson = await db.selectFrom("lessons").selectAll().where("id", "=", link.lesson_id).executeTakeFirstOrThrow();
      const failure = await this.tryReport(link, lesson);
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
    } catch (error) {
      log.warn({ link: link.id, reason: reasonOf(error) }, "grade report not saved");
    } finally {
      this.reporting.delete(link.id);
    }
  }

  /** Why the report failed; null: it did not. */
  private async tryReport(link: LtiLink, lesson: Lesson): Promise<string | null> {
    const { db, log } = this.options;
    try {
      const platform = await db
        .selectFrom("lti_platforms")
        .selectAll()
        .where("id", "=", link.platform_id)
        .executeTakeFirstOrThrow();
      const students = await this.attendanceOf(platform, lesson);
      if (students.length === 0) return null;
      const token = await gradeToken(this.options, platform, link);
      const lineItem = await lineItemOf(this.options, token, link, lesson);
      if (lineItem !== link.line_item_url)
        await db.updateTable("lti_links").set({ line_item_url: lineItem }).where("id", "=", link.id).execute();
      const startedAt = performance.now();
      let refused = 0;
      for (const student of students) {
        if (performance.now() - startedAt > REPORT_WITHIN_MS || this.closed) throw new Error("not all scores were sent in time");
        if (!(await this.post(token, lineItem, student))) refused++;
      }
      log.info({ link: link.id, lesson: lesson.id, scores: students.length - refused, refused }, "attendance reported as grades");
      return null;
    } catch (error) {
      return reasonOf(error).slice(0, 500);
    }
  }

  /** False where the platform takes no score for the person, which hides nobody else's. */
  private async post(token: string, lineItem: string, student: Attendance): Promise<boolean> {
    try {
      await postScore(this.options, token, lineItem, student);
      return true;
    } catch (error) {
      if (error instanceof ScoreRefused) return false;
      throw error;
    }
  }

  /** The students of the lesson's course whom the platform knows. As in the attendance export, those are present who have joined. */
  private async attendanceOf({ issuer, school_id }: LtiPlatform, lesson: Lesson): Promise<Attendance[]> {
    const rows = await this.options.db
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
    return rows.map(({ subject, participant }) => ({ subject, isPresent: participant !== null }));
  }
}
