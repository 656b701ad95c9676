/** Reads what was measured along a stream's way around a trouble, each series once, from memory or from the database. */
import { sql } from "kysely";
import { UPLINK_VERDICTS, type UplinkVerdict } from "../../../contracts/monitoring/node-sample.ts";
import type { MeasuredKind } from "../../foundation/store/alarm-tables.ts";
import type { Database } from "../../foundation/store/tables.ts";
import type { Series } from "../metrics-history/metrics-history.ts";
import { readHistory } from "../metrics-history/read-history.ts";
import type { HopFigures, Level, NodeFigures, UplinkFigures } from "./evidence.ts";
import { quartile, type Span } from "./strip.ts";

/** What is usual is read from so long before the trouble. */
const BEFORE_MS = 600_000;
/** What came after it is shown beside it. */
const AFTER_MS = 120_000;
/** A sample tells of the ten seconds before it. */
const SAMPLE_LATE_MS = 10_000;
/** A hop that was measured so long before a trouble was in use when it began. */
const LOST_HOP_MS = 60_000;
/** More hops than any stream passes. */
const MAX_HOPS = 12;

const NODE_METRICS = ["cpu", "stolen", "egress", "retransmitted", "media_hold_ms"] as const;
const HOP_METRICS = ["age_ms", "loss", "rtt_ms"] as const;
const UPLINK_METRICS = ["fps", "encoder_fps", "kbps", "jitter_ms", "dropped_share", "verdict"] as const;

type Points = readonly { readonly at: number; readonly value: number }[];
export type Way = {
  readonly origin: string;
  readonly hops: readonly { readonly from: string; readonly to: string; readonly subjects: readonly string[] }[];
};
/** One measured series on the common time axis. */
export type Track = { readonly kind: MeasuredKind; readonly subject: string; readonly metric: string; readonly points: Points };

export class MeasuredMetrics {
  private readonly db: Database;
  private readonly series: Series;
  private readonly span: Span;
  private readonly now: number;
  /** Of what was read: minutes after two hours. */
  private stepMs = SAMPLE_LATE_MS;
  private readonly read = new Map<string, Promise<ReadonlyMap<string, Points>>>();

  /** @param span of the trouble, milliseconds since 1970 */
  constructor({ db, series }: { readonly db: Database; readonly series: Series }, span: Span, now: number) {
    this.db = db;
    this.series = series;
    this.span = span;
    this.now = now;
  }

  /** How a live stream comes to a node. @param cid APP/NAME */
  async way(cid: string, node: string): Promise<Way> {
    const hops = (await this.hopSubjects(cid)).flatMap((subject) => {
      const [, to = "", from = ""] = /^(.+)<(.+?) [^ ]+$/.exec(subject) ?? [];
      return to === "" ? [] : [{ to, from, subject }];
    });
    const found = new Map<string, { readonly from: string; readonly to: string; readonly subjects: string[] }>();
    const seen = new Set([node]);
    let origin = node;
    for (const at of seen) {
      origin = at;
      for (const { from, to, subject } of hops) {
        if (to !== at || found.size >= MAX_HOPS) continue;
        const known = found.get(`${from}>${to}`);
        if (known) known.subjects.push(subject);
        else found.set(`${from}>${to}`, { from, to, subjects: [subject] });
        seen.add(from);
      }
    }
    return { origin, hops: [...found.values()] };
  }

  async node(node: string): Promise<NodeFigures | null> {
    const points = await this.points("node", node, NODE_METRICS);
    if (points.size === 0) return null;
    const level = (metric: string) => this.level(points.get(metric), "high");
    return {
      node,
      cpu: level("cpu"),
      stolen: level("stolen"),
      egress: level("egress"),
      retransmitted: level("retransmitted"),
      holdMs: level("media_hold_ms"),
    };
  }

  async hop({ from, to, subjects }: Way["hops"][number]): Promise<HopFigures> {
    const all = await Promise.all(subjects.map((subject) => this.points("hop", subject, HOP_METRICS)));
    // The stream and its rungs come over the same line: the worst of them counts.
    const level = (metric: string) =>
      this.level(
        all.flatMap((points) => points.get(metric) ?? []),
        "high",
      );
    const ageMs = level("age_ms");
    // A hop that was there before and tells nothing any more brings nothing.
    const age = ageMs.high === null ? { ...ageMs, high: this.span.to - this.span.from } : ageMs;
    return { from, to, ageMs: age, loss: level("loss"), rttMs: level("rtt_ms") };
  }

  async uplink(cid: string): Promise<UplinkFigures | null> {
    const points = await this.points("stream", cid, UPLINK_METRICS);
    if (points.size === 0) return null;
    const encoder = this.level(points.get("encoder_fps"), "low");
    return {
      encoderFps: encoder.high ?? encoder.usual,
      fps: this.level(points.get("fps"), "low"),
      kbps: this.level(points.get("kbps"), "low"),
      jitterMs: this.level(points.get("jitter_ms"), "high"),
      dropped: this.level(points.get("dropped_share"), "high"),
      verdicts: [...new Set(this.within(points.get("verdict") ?? []).map(verdictOf))].filter((verdict) => verdict !== "none"),
    };
  }

  /** Everything that was measured of these, for one time axis. */
  async tracks(of: readonly (readonly [MeasuredKind, string])[]): Promise<readonly Track[]> {
    const read = await Promise.all(
      of.map(async ([kind, subject]) => [kind, subject, await this.points(kind, subject, metricsOf(kind))] as const),
    );
    return read.flatMap(([kind, subject, points]) =>
      [...points].map(([metric, values]) => ({ kind, subject, metric, points: values })),
    );
  }

  private points(kind: MeasuredKind, subject: string, metrics: readonly string[]): Promise<ReadonlyMap<string, Points>> {
    const key = `${kind} ${subject}`;
    const known = this.read.get(key);
    if (known) return known;
    const reading = this.readPoints(kind, subject, metrics);
    this.read.set(key, reading);
    return reading;
  }

  private async readPoints(kind: MeasuredKind, subject: string, metrics: readonly string[]): Promise<ReadonlyMap<string, Points>> {
    const query = { kind, subject, metrics, from: this.span.from - BEFORE_MS, to: this.span.to + AFTER_MS };
    const { from, stepSeconds, series } = await readHistory(this.db, this.series, query, this.now);
    this.stepMs = stepSeconds * 1000;
    // Sums of a minute have the time of its beginning, samples that of their end.
    const first = from.getTime() + (this.stepMs > SAMPLE_LATE_MS ? this.stepMs : 0);
    const points = series.map(({ metric, values }) => {
      const found = values.flatMap((value, i) => (value === null ? [] : [{ at: first + i * this.stepMs, value }]));
      return [metric, found] as const;
    });
    return new Map(points.filter(([, values]) => values.length > 0));
  }

  private async hopSubjects(cid: string): Promise<readonly string[]> {
    const isOf = (subject: string) => subject.endsWith(` ${cid}`) || subject.includes(` ${cid}@`);
    const recent = this.series.subjects("hop").filter(isOf);
    const stored = await this.db
      .selectFrom("series_blocks")
      .select("subject")
      .distinct()
      .where("kind", "=", "hop")
      .where("block", ">=", new Date(this.span.from - 2 * 3_600_000))
      .where("block", "<=", new Date(this.span.to))
      .where(sql<boolean>`position(${` ${cid}`} in subject) > 0`)
      .limit(1000)
      .execute();
    const subjects = [...new Set([...recent, ...stored.map(({ subject }) => subject).filter(isOf)])];
    const ages = await Promise.all(
      subjects.map(async (subject) => (await this.points("hop", subject, HOP_METRICS)).get("age_ms") ?? []),
    );
    const alive = subjects.filter((_, i) => this.within(ages[i] ?? []).length > 0);
    if (alive.length > 0) return alive;
    // A line that breaks leaves no hop to measure: the stream came over those of just before.
    const { from } = this.span;
    return subjects.filter((_, i) => ages[i]?.some(({ at }) => at > from - LOST_HOP_MS && at <= from + SAMPLE_LATE_MS));
  }

  private within(points: Points): readonly number[] {
    return valuesWithin(points, this.span, this.stepMs);
  }

  /** @param worse which end of the values is trouble: the usual value is taken from the other one, because trouble may have lasted */
  private level(points: Points = [], worse: "low" | "high"): Level {
    const before = points.filter(({ at }) => at <= this.span.from).map(({ value }) => value);
    const values = this.within(points);
    return {
      usual: quartile(before, worse === "high" ? 0.25 : 0.75),
      low: values.length === 0 ? null : Math.min(...values),
      high: values.length === 0 ? null : Math.max(...values),
    };
  }
}

/**
 * Values that tell of a span. One that ends soon after its beginning tells of the time before it: of another trouble, perhaps.
 * @param stepMs of the values, which tell of so long before their time
 */
export function valuesWithin(points: Points, { from, to }: Span, stepMs: number): readonly number[] {
  return points.filter(({ at }) => at > from + SAMPLE_LATE_MS / 2 && at <= to + stepMs).map(({ value }) => value);
}

function metricsOf(kind: MeasuredKind): readonly string[] {
  if (kind === "node") return NODE_METRICS;
  return kind === "hop" ? HOP_METRICS : UPLINK_METRICS;
}

function verdictOf(value: number): UplinkVerdict {
  return UPLINK_VERDICTS[value] ?? "none";
}
