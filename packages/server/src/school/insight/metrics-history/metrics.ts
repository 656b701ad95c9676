/** Provides the units of what is measured; docs/monitoring.md says what each metric means. */

/** `share`: 0 to 1. Empty: a number. */
const UNITS = ["share", "ms", "s", "Mbit/s", "kbit/s", "ms/min", "cores", "frames/s", ""] as const;
export type Unit = (typeof UNITS)[number];

const EXACT: Readonly<Record<string, Unit>> = {
  cpu: "share",
  stolen: "share",
  memory: "share",
  disk: "share",
  descriptors: "share",
  egress: "share",
  retransmitted: "share",
  loss: "share",
  dropped_share: "share",
  stall_ratio: "share",
  mbps: "Mbit/s",
  kbps: "kbit/s",
  fps: "frames/s",
  encoder_fps: "frames/s",
  drift_ms: "ms/min",
};
const ENDINGS: readonly (readonly [string, Unit])[] = [
  ["_ms", "ms"],
  ["_mbps", "Mbit/s"],
  ["_kbps", "kbit/s"],
  ["_seconds", "s"],
];

export function unitOf(metric: string): Unit {
  if (metric.startsWith("process_cpu_")) return "cores";
  return EXACT[metric] ?? ENDINGS.find(([ending]) => metric.endsWith(ending))?.[1] ?? "";
}
