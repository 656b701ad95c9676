/** Tells nodes what to probe, and keeps what they saw. */
import { type SqlBool, sql } from "kysely";
import { signLink } from "../../../access/links/signed-link.ts";
import type { ProbeAim, ProbeRunReport, ProbeTarget } from "../../../contracts/monitoring/probe-messages.ts";
import { type ProbeReport, probeReport } from "../../../contracts/monitoring/probe-report.ts";
import { systemClock } from "../../../platform/clock.ts";
import type { Logger } from "../../../platform/log.ts";
import type { Database } from "../../foundation/store/tables.ts";
import { isEncrypted, shownRulesOfLesson } from "../../lessons/shown-rules.ts";
import type { Series } from "../metrics-history/metrics-history.ts";

/** Of one node's list. Each run takes half a minute, so more would not be watched in time. */
const MAX_TARGETS = 200;
/** A link has to open the connections of one run. */
const LINK_SPARE_SECONDS = 120;
/** Whom the link names, for rules that count the connections of one viewer. */
const VIEWER = "probe";
/** Runs are kept for so long. */
const KEEP_MS = 14 * 24 * 3600 * 1000;

/** A run is passed on within this. */
const FEED_MS = 10_000;
/** The database's clock and this one's may differ, and a transaction may become visible late. Older runs say nothing of now. */
const FEED_BACK_MS = 120_000;
const MAX_FED = 1000;

export type ProbeServiceOptions = {
  readonly db: Database;
  readonly log: Logger;
  readonly linkSecret: () => string;
  readonly series: Pick<Series, "take">;
};

export class ProbeService {
  private readonly options: ProbeServiceOptions;
  /** Runs that were passed on, of the last minutes. */
  private fed = new Set<string>();
  private timer: NodeJS.Timeout | null = null;
  private feeding: Promise<void> | null = null;

  constructor(options: ProbeServiceOptions) {
    this.options = options;
  }

  /** Passes on what probes measure to the series of this process, whichever control process was told of it. */
  start(): void {
    this.timer = setInterval(() => {
      this.feeding ??= this.feed()
        .catch((error: unknown) => this.options.log.warn({ reason: String(error) }, "probe runs not read, trying again"))
        .finally(() => {
          this.feeding = null;
        });
    }, FEED_MS);
    this.timer.unref();
  }

  async close(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.feeding;
  }

  /** Live lessons that enabled probes watch. */
  async targets(): Promise<ProbeTarget[]> {
    const rows = await this.watched()
      .select(["probes.id as probe", "lessons.id as lesson", "probes.every_seconds", "probes.asked_at"])
      .orderBy("probes.id")
      .orderBy("lessons.id")
      .limit(MAX_TARGETS)
      .execute();
    return rows.map(({ probe, lesson, every_seconds: everySeconds, asked_at }) => ({
      probe,
      lesson,
      everySeconds,
      requestedAt: asked_at?.getTime() ?? null,
    }));
  }

  async aim({ probe, lesson: lessonId }: Pick<ProbeTarget, "probe" | "lesson">): Promise<ProbeAim | null> {
    const { db, linkSecret } = this.options;
    const row = await this.watched()
      .select(["probes.via", "probes.seconds", "probes.black", "probes.frozen", "probes.silent"])
      .where("probes.id", "=", probe)
      .where("lessons.id", "=", lessonId)
      .executeTakeFirst();
    const lesson = row && (await db.selectFrom("lessons").selectAll().where("id", "=", lessonId).executeTakeFirst());
    if (!row || !lesson) return null;
    const { via, seconds, black, frozen, silent } = row;
    const { stream_app: app, stream_name: name, code } = lesson;
    // Encrypted lessons can be watched by HLS alone.
    const ending = isEncrypted(await shownRulesOfLesson(db, lesson)) ? "m3u8" : "flv";
    const expires = Math.floor(systemClock.utc() / 1000) + seconds + LINK_SPARE_SECONDS;
    const query = signLink({ app, name, expires, viewer: VIEWER }, linkSecret());
    return { path: `/${app}/${name}.${ending}?${query}`, code, via, seconds, checks: { black, frozen, silent } };
  }

  /** Keeps a run. One of a probe or lesson that has been deleted meanwhile is dropped. */
  async take({ id, node, probe, lesson, report: told }: ProbeRunReport): Promise<void> {
    const { db } = this.options;
    const report = probeReport.parse(told);
    const { at, verdict } = report;
    await db
      .insertInto("probe_runs")
      .columns(["id", "probe_id", "lesson_id", "node", "at", "verdict", "report"])
      .expression((query) =>
        query
          .selectFrom("probes")
          .innerJoin("lessons", (join) => join.on("lessons.id", "=", lesson))
          .select([sql<string>`${id}::text`.as("id"), "probes.id as probe_id", "lessons.id as lesson_id"])
          .select([sql<string>`${node}::text`.as("node"), sql<Date>`${new Date(at)}::timestamptz`.as("at")])
          .select([
            sql<typeof verdict>`${verdict}::text`.as("verdict"),
            sql<ProbeReport>`${JSON.stringify(report)}::jsonb`.as("report"),
          ])
          .where("probes.id", "=", probe),
      )
      .onConflict((conflict) => conflict.column("id").doNothing())
      .execute();
  }

  /** Passes on the runs that are new: kind `probe`, subject `NODE>VIA APP/NAME`, where VIA is `dispatch` or a node. */
  async feed(): Promise<void> {
    const { db, series } = this.options;
    const runs = await db
      .selectFrom("probe_runs")
      .innerJoin("probes", "probes.id", "probe_runs.probe_id")
      .innerJoin("lessons", "lessons.id", "probe_runs.lesson_id")
      .select(["probe_runs.id", "probe_runs.node", "probe_runs.verdict", "probe_runs.report"])
      .select(["probes.via", "lessons.stream_app", "lessons.stream_name"])
      .where(sql<SqlBool>`probe_runs.taken_at > now() - ${FEED_BACK_MS}::integer * interval '1 millisecond'`)
      .orderBy("probe_runs.taken_at", "desc")
      .limit(MAX_FED)
      .execute();
    for (const { id, node, verdict, report, via, stream_app: app, stream_name: name } of runs.reverse()) {
      if (this.fed.has(id)) continue;
      const { at, firstFrameMs, stallMs, lostMs, watchedMs } = report;
      const stalled = firstFrameMs === null ? null : Math.min(1, (stallMs + lostMs) / Math.max(1, watchedMs));
      const of = { kind: "probe", subject: `${node}>${via ?? "dispatch"} ${app}/${name}` } as const;
      series.take(at, [
        { ...of, metric: "ok", value: verdict === "unsure" ? null : Number(verdict === "good") },
        { ...of, metric: "first_frame_ms", value: firstFrameMs },
        { ...of, metric: "stall_ratio", value: stalled },
      ]);
    }
    this.fed = new Set(runs.map(({ id }) => id));
  }

  private watched() {
    return this.options.db
      .selectFrom("probes")
      .innerJoin("lessons", (join) =>
        join.on(
          sql<SqlBool>`(lessons.id = probes.lesson_id
            or (probes.lesson_id is null and (probes.school_id is null or probes.school_id = lessons.school_id)))`,
        ),
      )
      .where("probes.enabled", "=", true)
      .where("lessons.state", "=", "live")
      .where("lessons.deleted_at", "is", null);
  }
}

/** Deletes old runs. @param now milliseconds since 1970 */
export async function sweepProbeRuns(db: Database, now: number): Promise<void> {
  await db
    .deleteFrom("probe_runs")
    .where("taken_at", "<", new Date(now - KEEP_MS))
    .execute();
}
