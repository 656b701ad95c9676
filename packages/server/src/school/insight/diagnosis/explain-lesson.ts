/** Judges a lesson at one moment: each session that had trouble by itself, and what most of them have in common. */
import { sql } from "kysely";
import type { Database } from "../../foundation/store/tables.ts";
import type { ViewSessionRow } from "../../foundation/store/view-tables.ts";
import { type DiagnosisContext, type ExplainedView, explainView } from "./explain-view.ts";
import { figuresOf, momentsWithin, usualFps } from "./strip.ts";
import { symptomsOf } from "./symptoms.ts";
import type { FaultLocation, Verdict } from "./verdict.ts";

type Row = ViewSessionRow & { readonly name: string | null };

export type ExplainedLesson = {
  /** Milliseconds since 1970; null: nobody had trouble, and no moment was given. */
  readonly at: number | null;
  readonly viewers: number;
  readonly affected: number;
  readonly verdict: Verdict;
  readonly places: Readonly<Partial<Record<FaultLocation, number>>>;
  readonly views: readonly { readonly row: Row; readonly stallMs: number; readonly explained: ExplainedView }[];
};

const MINUTE_MS = 60_000;
/** Sessions at one moment; those that stalled most are looked at first. */
const MAX_SESSIONS = 200;
/** Each is judged by itself: more of them do not change what most have in common. */
const MAX_JUDGED = 20;
const NO_TROUBLE: Verdict = {
  place: "none",
  certainty: "high",
  reasons: [{ code: "no-trouble", of: null, figures: {} }],
  also: null,
};

/** @param given milliseconds since 1970; null: the worst minute of the lesson */
export async function explainLesson(
  context: DiagnosisContext,
  lessonId: string,
  given: number | null,
  now: number,
): Promise<ExplainedLesson> {
  const at = given ?? (await worstMinute(context.db, lessonId));
  if (at === null) return { at, viewers: 0, affected: 0, verdict: NO_TROUBLE, places: {}, views: [] };
  const span = { from: at - MINUTE_MS, to: at + MINUTE_MS };
  const rows = await sessionsAt(context.db, lessonId, span);
  const seen = rows.map((row) => {
    const figures = figuresOf(momentsWithin(row.moments, span), usualFps(row.moments));
    return { row, stallMs: figures.stallMs, isAffected: symptomsOf(figures).reasons.length > 0 };
  });
  const affected = seen.filter(({ isAffected }) => isAffected).toSorted((a, b) => b.stallMs - a.stallMs);
  const views = await Promise.all(
    affected
      .slice(0, MAX_JUDGED)
      .map(async ({ row, stallMs }) => ({ row, stallMs, explained: await explainView(context, row, at, now) })),
  );
  const places = Map.groupBy(views, ({ explained }) => explained.verdict.place);
  const [most] = [...places].toSorted(([, a], [, b]) => b.length - a.length);
  return {
    at,
    viewers: seen.length,
    affected: affected.length,
    verdict: most?.[1][0]?.explained.verdict ?? NO_TROUBLE,
    places: Object.fromEntries([...places].map(([place, { length }]) => [place, length])),
    views,
  };
}

/** The middle of the minute in which viewers stood still for longest. */
async function worstMinute(db: Database, lessonId: string): Promise<number | null> {
  const row = await db
    .selectFrom("view_minutes")
    .select("minute")
    .where("lesson_id", "=", lessonId)
    .groupBy("minute")
    .having(sql<boolean>`sum(stall_ms) > 0`)
    .orderBy(sql`sum(stall_ms)`, "desc")
    .limit(1)
    .executeTakeFirst();
  return row ? row.minute.getTime() + MINUTE_MS / 2 : null;
}

async function sessionsAt(
  db: Database,
  lessonId: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly Row[]> {
  return await db
    .selectFrom("view_sessions")
    .leftJoin("participants", "participants.id", "view_sessions.participant_id")
    .selectAll("view_sessions")
    .select("participants.name")
    .where("view_sessions.lesson_id", "=", lessonId)
    .where("started_at", "<", new Date(to))
    .where("last_at", ">", new Date(from))
    .orderBy("stall_ms", "desc")
    .limit(MAX_SESSIONS)
    .execute();
}
