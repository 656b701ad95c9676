/**
 * Keeps what was measured of nodes, links, streams, components, lessons and the platform in memory: values of ten seconds for two hours, bounded in
 * the number of subjects and of values. Alarms, "why" and the API read them here.
 */
import { type ComponentSample, intervalOf, type NodeSample, SAMPLE_MS } from "../../../contracts/monitoring/node-sample.ts";
import { MEASURED_KINDS, type MeasuredKind } from "../../foundation/store/alarm-tables.ts";
import { type Measured, measuredOf } from "./measured-of.ts";
import { ValueRing } from "./value-ring.ts";

/** `at`: milliseconds since 1970, a multiple of ten seconds. */
export type SeriesValue = { readonly at: number; readonly value: number };

/** @param at milliseconds since 1970 */
export type SampleListener = (at: number, measured: readonly Measured[]) => void;

/** How long values are kept in memory. */
export const KEEP_MS = 2 * 3_600_000;
/** How many values a series has in memory. */
const MAX_TICKS = KEEP_MS / SAMPLE_MS;
/** A fleet of 1000 nodes with 5000 streams stays below; what is beyond is not kept. */
const MAX_SUBJECTS = 30_000;
const MAX_METRICS = 64;
/** Of all series together, four bytes each. When they are used up, series that begin are kept for a shorter time. */
const MAX_VALUES = 20_000_000;
const FORGET_EVERY_MS = 60_000;

export type HistoryLimits = { readonly subjects: number; readonly values: number };

type Subject = { heard: number; readonly metrics: Map<string, ValueRing> };

export class Series {
  private readonly limits: HistoryLimits;
  private readonly kinds = new Map<MeasuredKind, Map<string, Subject>>(MEASURED_KINDS.map((kind) => [kind, new Map()]));
  /** Bounded like the subjects of the kind `node`. */
  private readonly nodeComponents = new Map<string, readonly ComponentSample[]>();
  private readonly listeners = new Set<SampleListener>();
  private readonly budget: { left: number };
  private subjectCount = 0;
  private forgottenAt = 0;

  constructor(limits: HistoryLimits = { subjects: MAX_SUBJECTS, values: MAX_VALUES }) {
    this.limits = limits;
    this.budget = { left: limits.values };
  }

  /** Takes what a node has measured of itself. */
  takeNode(sample: NodeSample): void {
    this.nodeComponents.set(sample.node, sample.components);
    this.take(sample.at, measuredOf(sample));
  }

  /** Values of one interval of a series replace each other. @param at milliseconds since 1970 */
  take(at: number, measured: readonly Measured[]): void {
    const tick = intervalOf(at);
    if (at - this.forgottenAt >= FORGET_EVERY_MS) this.forget(at);
    for (const { kind, subject, metric, value } of measured) {
      if (value === null || !Number.isFinite(value)) continue;
      const of = this.subject(kind, subject);
      if (!of) continue;
      of.heard = Math.max(of.heard, tick);
      let ring = of.metrics.get(metric);
      if (!ring) {
        if (of.metrics.size >= MAX_METRICS) continue;
        ring = new ValueRing(MAX_TICKS, this.budget);
        of.metrics.set(metric, ring);
      }
      ring.set(tick, value);
    }
    for (const listener of this.listeners) listener(at, measured);
  }

  /** Calls the listener with everything that comes in. Returns the function that ends it. */
  onSample(listener: SampleListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The parts of a node as it told last; empty: it has told nothing within two hours. */
  components(node: string): readonly ComponentSample[] {
    return this.kinds.get("node")?.has(node) ? (this.nodeComponents.get(node) ?? []) : [];
  }

  /** Everything of a kind that was measured within the last two hours. */
  subjects(kind: MeasuredKind): readonly string[] {
    return [...(this.kinds.get(kind)?.keys() ?? [])];
  }

  metrics(kind: MeasuredKind, subject: string): readonly string[] {
    return [...(this.kinds.get(kind)?.get(subject)?.metrics.keys() ?? [])];
  }

  /** Measured values in the order of their time, both ends included; intervals without a value are left out. */
  window(kind: MeasuredKind, subject: string, metric: string, fromMs: number, toMs: number): readonly SeriesValue[] {
    const ring = this.kinds.get(kind)?.get(subject)?.metrics.get(metric);
    if (!ring) return [];
    const values = ring.range(Math.ceil(fromMs / SAMPLE_MS), Math.floor(toMs / SAMPLE_MS));
    return values.map(([tick, value]) => ({ at: tick * SAMPLE_MS, value }));
  }

  /** The newest value that is not older than that; null: there is none. */
  newest(kind: MeasuredKind, subject: string, metric: string, sinceMs: number): SeriesValue | null {
    return this.window(kind, subject, metric, sinceMs, Number.MAX_SAFE_INTEGER).at(-1) ?? null;
  }

  private subject(kind: MeasuredKind, subject: string): Subject | null {
    const ofKind = this.kinds.get(kind);
    const known = ofKind?.get(subject);
    if (known) return known;
    if (!ofKind || this.subjectCount >= this.limits.subjects) return null;
    const made: Subject = { heard: 0, metrics: new Map() };
    ofKind.set(subject, made);
    this.subjectCount++;
    return made;
  }

  /** Drops what nothing was heard of for two hours. */
  private forget(now: number): void {
    this.forgottenAt = now;
    const oldest = Math.round((now - KEEP_MS) / SAMPLE_MS);
    for (const [kind, ofKind] of this.kinds)
      for (const [subject, { heard, metrics }] of ofKind) {
        for (const [metric, ring] of metrics) {
          if (ring.newestTick >= oldest) continue;
          ring.free();
          metrics.delete(metric);
        }
        if (heard >= oldest) continue;
        if (kind === "node") this.nodeComponents.delete(subject);
        ofKind.delete(subject);
        this.subjectCount--;
      }
  }
}
