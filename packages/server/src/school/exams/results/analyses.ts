/**
 * Analyses examinations: adds sheet by sheet in small steps, so that other work goes on, and keeps the result until something is graded again. Of many thousand candidates it
 * takes minutes; those who ask meanwhile hear how far it is.
 */
import type { SheetScore } from "@lectern/exam";
import { type ItemAnalysis, ItemAnalyzer } from "@lectern/exam/analysis";
import { sql } from "kysely";
import type { Logger } from "../../../platform/log.ts";
import { RecentMap } from "../../../platform/recent-map.ts";
import type { Database } from "../../foundation/store/tables.ts";
import type { FrozenPapers } from "../grading/frozen-papers.ts";
import { answersBy } from "../grading/grading-work.ts";

export type AnalysisState = {
  /** Null: it was never finished. */
  readonly analysis: ItemAnalysis | null;
  /** Milliseconds since 1970; of `analysis`. */
  readonly computedAt: number | null;
  /** Null: `analysis` is up to date. */
  readonly progress: { readonly done: number; readonly of: number } | null;
};

/** Each is of some hundred kilobytes. */
const MAX_KEPT = 50;
const ATTEMPTS_PER_STEP = 200;
const REST_MS = 2;
/** A class is analysed within this, and the first answer has it. */
const WAIT_MS = 2000;

type Entry = {
  /** Of what is analysed, or was last. */
  stamp: string;
  finished: { readonly analysis: ItemAnalysis; readonly at: number } | null;
  running: Promise<void> | null;
  done: number;
  of: number;
};

export class Analyses {
  private readonly db: Database;
  private readonly papers: FrozenPapers;
  private readonly log: Logger;
  private readonly entries = new RecentMap<string, Entry>(MAX_KEPT);

  constructor(db: Database, papers: FrozenPapers, log: Logger) {
    this.db = db;
    this.papers = papers;
    this.log = log;
  }

  async of(examId: string): Promise<AnalysisState> {
    const { stamp, graded } = await this.stampOf(examId);
    const entry = this.entries.get(examId) ?? { stamp: "", finished: null, running: null, done: 0, of: 0 };
    this.entries.set(examId, entry);
    if (entry.stamp !== stamp && !entry.running) {
      Object.assign(entry, { stamp, done: 0, of: graded });
      entry.running = this.analyse(examId, entry)
        .catch((error: unknown) => {
          entry.stamp = "";
          this.log.warn({ reason: String(error), examination: examId }, "examination not analysed");
        })
        .finally(() => {
          entry.running = null;
        });
    }
    if (entry.running) await Promise.race([entry.running, new Promise((resolve) => setTimeout(resolve, WAIT_MS).unref())]);
    const { finished, running, done, of } = entry;
    return {
      analysis: finished?.analysis ?? null,
      computedAt: finished?.at ?? null,
      progress: running ? { done, of } : null,
    };
  }

  /** Changes with each grading. */
  private async stampOf(examId: string): Promise<{ stamp: string; graded: number }> {
    const { count, last } = await this.db
      .selectFrom("exam_attempts")
      .select(({ fn }) => [fn.countAll<number>().as("count"), sql<string | null>`max(graded_at)::text`.as("last")])
      .where("exam_id", "=", examId)
      .where("graded_at", "is not", null)
      .executeTakeFirstOrThrow();
    return { stamp: `${count} ${last}`, graded: Number(count) };
  }

  private async analyse(examId: string, entry: Entry): Promise<void> {
    const analyzer = new ItemAnalyzer(await this.papers.paperOf(this.db, examId));
    for (let after = ""; ; ) {
      const rows = await this.db
        .selectFrom("exam_attempts")
        .select(["id", "points", "points_of", "waiting", "questions"])
        .where("exam_id", "=", examId)
        .where("graded_at", "is not", null)
        .where("id", ">", after)
        .orderBy("id")
        .limit(ATTEMPTS_PER_STEP)
        .execute();
      const answers = await answersBy(
        this.db,
        rows.map(({ id }) => id),
      );
      for (const { id, points, points_of, waiting, questions } of rows) {
        const score: SheetScore = { points: points ?? 0, of: points_of ?? 0, waiting: waiting ?? 0, questions: questions ?? {} };
        analyzer.add(answers.get(id) ?? {}, score);
      }
      entry.done += rows.length;
      after = rows.at(-1)?.id ?? "";
      if (rows.length < ATTEMPTS_PER_STEP) break;
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
    }
    entry.finished = { analysis: analyzer.read(), at: Date.now() };
  }
}
