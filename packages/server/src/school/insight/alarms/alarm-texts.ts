/** Writes names of alarms and of what is measured in English and Chinese, for the messages of channels. */
import { ALARM_NAMES, METRIC_NAMES, SEVERITY_NAMES } from "@lectern/names";
import type { Language } from "../../../platform/messages/language.ts";
import type { AlarmCode, Severity } from "../../foundation/store/alarm-codes.ts";

const LOCALES = { en: "en", zh: "zh-CN" } as const;

/** How values of a metric are written. */
type Unit = "share" | "ms" | "Mbit/s" | "kbit/s" | "fps" | "s" | "";

/** Metrics of rules that have a value in words; those that are an index, such as `state`, have none. */
const UNITS = {
  cpu: "share",
  stolen: "share",
  memory: "share",
  disk: "share",
  descriptors: "share",
  hold_ms: "ms",
  egress: "share",
  retransmitted: "share",
  received_mbps: "Mbit/s",
  sent_mbps: "Mbit/s",
  mbps: "Mbit/s",
  kbps: "kbit/s",
  connections: "",
  viewers: "",
  rtt_ms: "ms",
  jitter_ms: "ms",
  loss: "share",
  age_ms: "ms",
  fps: "fps",
  dropped_share: "share",
  gop_seconds: "s",
  drift_ms: "ms",
  av_offset_ms: "ms",
  stall_ratio: "share",
  first_frame_ms: "ms",
  complaints: "",
  latency_ms: "ms",
} as const satisfies Readonly<Partial<Record<keyof typeof METRIC_NAMES.en, Unit>>>;

export function alarmName(language: Language, code: AlarmCode): string {
  return ALARM_NAMES[LOCALES[language]][code];
}

export function severityName(language: Language, severity: Severity): string {
  return SEVERITY_NAMES[LOCALES[language]][severity];
}

/** A value of a metric in words: `exit bandwidth in use 96 %`. Empty for one that is an index. */
export function measuredText(language: Language, metric: string, value: number): string {
  if (!hasUnit(metric)) return metric.startsWith("process_cpu_") ? `${metric} ${rounded(value)}` : "";
  return `${METRIC_NAMES[LOCALES[language]][metric]} ${valueText(value, UNITS[metric])}`;
}

function hasUnit(metric: string): metric is keyof typeof UNITS {
  return Object.hasOwn(UNITS, metric);
}

function valueText(value: number, unit: Unit): string {
  if (unit === "share") return `${rounded(value * 100)} %`;
  return unit === "" ? rounded(value) : `${rounded(value)} ${unit}`;
}

/** Three digits are enough for a message. */
function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}
