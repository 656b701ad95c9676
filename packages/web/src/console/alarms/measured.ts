/** Defines what rules of alarms judge: the metrics of each kind, and how their values are written and typed in. */
import type { AlarmRule } from "@lectern/client";

export type MeasuredKind = AlarmRule["kind"];

/** As the series name them (docs/monitoring.md). */
export const METRICS: Readonly<Record<MeasuredKind, readonly string[]>> = {
  node: [
    ...["cpu", "stolen", "memory", "disk", "descriptors", "hold_ms", "egress", "retransmitted", "sent_mbps", "received_mbps"],
    ...["connections", "viewers"],
  ],
  link: ["loss", "rtt_ms", "jitter_ms", "age_ms", "mbps"],
  hop: ["age_ms", "loss", "rtt_ms", "kbps"],
  stream: ["verdict", "dropped_share", "jitter_ms", "fps", "kbps", "gop_seconds", "drift_ms", "av_offset_ms", "viewers"],
  component: ["state", "latency_ms"],
  lesson: ["stall_ratio", "first_frame_ms", "complaints", "viewers"],
  platform: ["stall_ratio", "first_frame_ms", "viewers"],
  probe: ["ok", "first_frame_ms", "stall_ratio"],
};

export const KINDS = Object.keys(METRICS).filter((kind): kind is MeasuredKind => kind in METRICS);

export function isKnownMetric(metric: string): boolean {
  return Object.values(METRICS).some((metrics) => metrics.includes(metric));
}

const NO_BREAK = "\u00a0";
const SHARES = [
  "cpu",
  "stolen",
  "memory",
  "disk",
  "descriptors",
  "egress",
  "retransmitted",
  "loss",
  "dropped_share",
  "stall_ratio",
];
const ENDINGS: readonly (readonly [ending: string, unit: string])[] = [
  ["mbps", "Mbit/s"],
  ["kbps", "kbit/s"],
  ["_ms", "ms"],
  ["_seconds", "s"],
];

/** `share`: 0 to 1, which people read and type as per cent. Empty: a number. */
export function unitOf(metric: string): string {
  if (SHARES.includes(metric)) return "share";
  return ENDINGS.find(([ending]) => metric.endsWith(ending))?.[1] ?? "";
}

/** `95 %`, `400 ms`, `20`; number and unit stay on one line. */
export function valueText(metric: string, value: number, locale: string): string {
  const unit = unitOf(metric);
  const number = new Intl.NumberFormat(locale, { maximumSignificantDigits: 4, useGrouping: false });
  if (unit === "share") return `${number.format(100 * value)}${NO_BREAK}%`;
  return unit === "" ? number.format(value) : `${number.format(value)}${NO_BREAK}${unit}`;
}

/** A value as a person types it in, and back. */
export function typedValue(metric: string, value: number): string {
  return String(unitOf(metric) === "share" ? Number((100 * value).toPrecision(12)) : value);
}

/** NaN for what is no number. */
export function valueOfTyped(metric: string, text: string): number {
  const number = text.trim() === "" ? Number.NaN : Number(text);
  return unitOf(metric) === "share" ? Number((number / 100).toPrecision(12)) : number;
}
