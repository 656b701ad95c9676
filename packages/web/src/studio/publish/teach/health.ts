/** Provides one word for the health of a broadcast: the worst of what the page measures and what the server says. */
import type { BroadcastState } from "../broadcast/broadcast.ts";

export const HEALTHS = ["good", "fair", "poor", "unknown"] as const;
export type Health = (typeof HEALTHS)[number];

/** What waits so long before it reaches the server is late for students too, milliseconds. */
const QUEUE_MS = { fair: 700, poor: 2000 } as const;
const LOSS_PERCENT = { fair: 3, poor: 10 } as const;

/** @param server what the server says of the stream; `unknown` and other words do not count */
export function healthOf(state: Pick<BroadcastState, "phase" | "statistics">, server: string | null): Health {
  if (state.phase !== "live") return "unknown";
  const { queueMs, lossPercent } = state.statistics ?? { queueMs: null, lossPercent: null };
  const found = [gradeOf(queueMs, QUEUE_MS), gradeOf(lossPercent, LOSS_PERCENT), server];
  return (["poor", "fair", "good"] as const).find((one) => found.includes(one)) ?? "unknown";
}

function gradeOf(value: number | null, limits: { readonly fair: number; readonly poor: number }): Health {
  if (value === null) return "unknown";
  if (value >= limits.poor) return "poor";
  return value >= limits.fair ? "fair" : "good";
}
