/** Provides the metrics of what streams have in memory for readers that are behind, and of what recordings miss where they were too far behind. */
import { Counter, Gauge, type Registry } from "prom-client";
import type { BacklogBudget, Streams } from "../live/streams/index.ts";

/** What is lost, by the plan of the file that misses it. */
const LOST_KINDS = { record: "recording", shift: "timeshift" } as const;

/** Counts seconds of media that were dropped before they were written. */
export type CountLost = (plan: keyof typeof LOST_KINDS, seconds: number) => void;

/** Adds what the logs of all streams have in memory. */
export function followLogs(
  registry: Registry,
  streams: Pick<Streams, "list">,
  backlog: Pick<BacklogBudget, "used" | "limit">,
): void {
  const gauge = (name: string, help: string, value: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  };
  const allBytes = () => streams.list().reduce((sum, { log }) => sum + log.bytes, 0);
  gauge("lectern_log_bytes", "Media in memory, for viewers and for readers such as the recorder", allBytes);
  const behind = "media that are kept only because a reader such as the recorder is behind";
  gauge("lectern_log_backlog_bytes", `Of them, ${behind}`, () => backlog.used);
  gauge("lectern_log_backlog_limit_bytes", `Bound of the ${behind}`, () => backlog.limit);
}

/** Adds what recordings miss. Gives the function that counts it. */
export function countLostMedia(registry: Registry): CountLost {
  const counter = new Counter({
    name: "lectern_recording_lost_seconds_total",
    help: "Seconds of media that are in no file because they could not be written in time, of recordings and of time-shift alone",
    labelNames: ["kind"],
    registers: [registry],
  });
  for (const kind of Object.values(LOST_KINDS)) counter.inc({ kind }, 0);
  return (plan, seconds) => counter.inc({ kind: LOST_KINDS[plan] }, seconds);
}
