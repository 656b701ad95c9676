/**
 * Takes what nodes measure, adds up the platform's figures, and on the leader writes minutes and hours to the database every five minutes. All
 * control processes have the same values of the last two hours, so a new leader writes what the one before has left.
 */

import { type NodeSample, SAMPLE_MS } from "../../../contracts/monitoring/node-sample.ts";
import type { Logger } from "../../../platform/log.ts";
import { PeriodicWork } from "../../../platform/periodic-work.ts";
import type { Database } from "../../foundation/store/tables.ts";
import { writeHours, writeMinutes } from "./history-store.ts";
import { KEEP_MS, type Series } from "./metrics-history.ts";
import { PlatformSums } from "./platform-sums.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const WRITE_MS = 300_000;
/** Samples of a minute may come this long after its end. */
const LATE_MS = 20_000;
/** A sample of a node whose clock is further off counts as of now. */
const MAX_SKEW_MS = 60_000;
/** A new leader makes the hours of this time before: the server may have been off when they ended. */
const MISSED_HOURS = 24;

export type HistoryTaskOptions = {
  readonly db: Database;
  readonly series: Series;
  readonly log: Logger;
  readonly isLeader: () => boolean;
};

export class HistoryTask {
  private readonly options: HistoryTaskOptions;
  private readonly platform = new PlatformSums();
  private readonly summing: PeriodicWork;
  private readonly writing: PeriodicWork;
  /** Up to here everything is written; null: this process has written nothing since it became the leader. */
  private written: { readonly minutes: number; readonly hours: number } | null = null;

  constructor(options: HistoryTaskOptions) {
    this.options = options;
    const { log } = options;
    this.summing = new PeriodicWork({
      everyMs: SAMPLE_MS,
      work: async (now) => options.series.take(now, this.platform.sums(now)),
      log,
      failure: "values of the platform not added up, trying again",
    });
    this.writing = new PeriodicWork({
      everyMs: WRITE_MS,
      work: (now) => this.write(now),
      log,
      failure: "measured values not stored, trying again",
    });
  }

  start(): void {
    this.summing.start();
    this.writing.start();
  }

  /** Writes what has not been written yet. */
  async close(): Promise<void> {
    await Promise.all([this.summing.close(), this.writing.close()]);
    if (this.options.isLeader()) await this.write(Date.now() + LATE_MS).catch(() => {});
  }

  /** @param now milliseconds since 1970 */
  take(sample: NodeSample, now: number): void {
    const at = Math.abs(sample.at - now) > MAX_SKEW_MS ? now : sample.at;
    this.platform.take(sample, now);
    this.options.series.takeNode({ ...sample, at });
  }

  /** Writes all minutes and hours that are over, on the leader. @param now milliseconds since 1970 */
  async write(now: number): Promise<void> {
    const { db, series, isLeader } = this.options;
    if (!isLeader()) {
      this.written = null;
      return;
    }
    const minutes = startOf(MINUTE_MS, now - LATE_MS);
    const hours = startOf(HOUR_MS, minutes);
    const from = this.written ?? { minutes: startOf(MINUTE_MS, now - KEEP_MS), hours: hours - MISSED_HOURS * HOUR_MS };
    // An hour's last minutes are written before the hour is made of them.
    await writeMinutes(db, series, from.minutes, minutes);
    await writeHours(db, from.hours, hours);
    this.written = { minutes, hours };
  }
}

function startOf(span: number, at: number): number {
  return Math.floor(at / span) * span;
}
