/**
 * Lists the examinations that candidates can enter, or that run, with their keys, for workers to have in memory before the start. Workers ask again and again,
 * and on hundreds of nodes, so the list is read from the database once a second at most.
 */
import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { OpenExam, OpenExams, OpenExamsQuestion } from "../../../contracts/exams/exam-messages.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Database } from "../../foundation/store/tables.ts";

export type OpenExamListOptions = {
  readonly db: Database;
  readonly storedSecrets: Pick<StoredSecrets, "decrypt">;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/** Workers have keys for so long before an examination opens; candidates can enter then. */
const AHEAD_MS = 30 * 60_000;
/** And for so long after the last candidate's end: devices that were offline come back. */
const BEHIND_MS = 60 * 60_000;
const FRESH_MS = 1000;
/** Deleted attempts of an examination that workers hear of: the newest. */
const MAX_DELETED = 5000;

type Listed = { readonly version: string; readonly exams: readonly OpenExam[] };

export class OpenExamList {
  private readonly options: OpenExamListOptions;
  private reading: Promise<Listed> | null = null;
  private readAt = 0;

  constructor(options: OpenExamListOptions) {
    this.options = options;
  }

  async answer({ version, exam }: OpenExamsQuestion): Promise<OpenExams> {
    const before = await this.listed(FRESH_MS);
    const isMissing = exam !== undefined && before.exams.every((one) => one.exam !== exam);
    // It may have been published since. Many who look for it at once share the answer.
    const listed = isMissing ? await this.listed(0) : before;
    return listed.version === version ? { version } : listed;
  }

  /** @param freshMs how old it may be */
  private listed(freshMs: number): Promise<Listed> {
    const now = this.options.now();
    if (this.reading && Math.abs(now - this.readAt) <= freshMs) return this.reading;
    const reading = this.read(now);
    this.reading = reading;
    this.readAt = now;
    reading.catch(() => {
      if (this.reading === reading) this.reading = null;
    });
    return reading;
  }

  private async read(now: number): Promise<Listed> {
    const { db, storedSecrets } = this.options;
    const most = sql<number>`coalesce((select max(extra_seconds) from exam_attempts where exam_id = exams.id), 0)`;
    const rows = await db
      .selectFrom("exams")
      .innerJoin("exam_packages", "exam_packages.exam_id", "exams.id")
      .select(["exams.id", "school_id", "course_id", "opens_at", "closes_at", "latest_entry_at", "seconds", "hash", "secret_key"])
      .select(most.as("extra"))
      .where("published_at", "is not", null)
      .where("deleted_at", "is", null)
      .where("opens_at", "<=", new Date(now + AHEAD_MS))
      .where("closes_at", ">", new Date(now - 24 * 60 * 60_000))
      .orderBy("exams.id")
      .execute();
    const deleted = await this.deletedAttempts(rows.map(({ id }) => id));
    const exams = rows.flatMap((row): OpenExam[] => {
      const lastEndsAt = row.closes_at.getTime() + Number(row.extra) * 1000;
      if (lastEndsAt + BEHIND_MS < now) return [];
      const key = storedSecrets.decrypt("exam_packages", row.id, row.secret_key);
      if (key === null) return [];
      const deletedAttempts = deleted.get(row.id);
      return [
        {
          exam: row.id,
          school: row.school_id,
          course: row.course_id,
          hash: row.hash,
          key,
          opensAt: row.opens_at.getTime(),
          closesAt: row.closes_at.getTime(),
          ...(row.latest_entry_at ? { latestStartAt: row.latest_entry_at.getTime() } : {}),
          seconds: row.seconds,
          lastEndsAt,
          ...(deletedAttempts ? { deletedAttempts } : {}),
        },
      ];
    });
    return { version: createHash("sha256").update(JSON.stringify(exams)).digest("base64url").slice(0, 22), exams };
  }

  /** By examination, the newest first. */
  private async deletedAttempts(exams: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    if (exams.length === 0) return new Map();
    const { rows } = await sql<{ exam_id: string; attempt_id: string }>`
      select exam.id as exam_id, newest.attempt_id from unnest(${[...exams]}::text[]) as exam (id)
      cross join lateral (
        select attempt_id from exam_deleted_attempts where exam_id = exam.id order by attempt_id desc limit ${sql.lit(MAX_DELETED)}
      ) newest
      order by newest.attempt_id desc`.execute(this.options.db);
    const grouped = Map.groupBy(rows, ({ exam_id }) => exam_id);
    return new Map([...grouped].map(([exam, own]) => [exam, own.map(({ attempt_id }) => attempt_id)]));
  }
}
