/**
 * Takes what nodes measure, adds up the platform's figures, and on the leader writes minutes and hours to the database every five minutes. All
 * control processes have the same values of the last two hours, so a new leader writes what the one before has left.
 */
import type { Logger } from "../../platform/log.ts";
import { type NodeSample, SAMPLE_MS } from "../../platform/monitoring/node-sample.ts";
import type { Database } from "../store/tables.ts";
import { PlatformSums } from "./platform-sums.ts";
import { KEEP_MS, type Series } from "./series.ts";
import { writeHours, writeMinutes } from "./series-store.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const WRITE_MS = 300_000;
/** Samples of a minute may come this long after its end. */
const LATE_MS = 20_000;
/** A sample of a node whose clock is further off counts as of now. */
const MAX_SKEW_MS = 60_000;
/** A new leader makes the hours of this time before: the server may have been off when they ended. */
const MISSED_HOURS = 24;

export type SeriesTaskOptions = {
  readonly db: Database;
  readonly series: Series;
  readonly log: Logger;
  readonly isLeader: () => boolean;
};

export class SeriesTask {
  private readonly options: SeriesTaskOptions;
  private readonly platform = new PlatformSums();
  private readonly timers: NodeJS.Timeout[] = [];
  private working: Promise<void> | null = null;
  /** Up to here everything is written; null: this process has written nothing since it became the leader. */
  private written: { readonly minutes: number; readonly hours: number } | null = null;

  constructor(options: SeriesTaskOptions) {
    this.options = options;
  }

  start(): void {
    const sum = () => {
      const now = Date.now();
      this.options.series.take(now, this.platform.sums(now));
    };
    this.timers.push(setInterval(sum, SAMPLE_MS).unref(), setInterval(() => this.wake(), WRITE_MS).unref());
  }

  /** Writes what has not been written yet. */
  async close(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await this.working;
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

  private wake(): void {
    this.working ??= this.write(Date.now())
      .catch((error: unknown) => this.options.log.warn({ reason: String(error) }, "measured values not stored, trying again"))
      .finally(() => {
        this.working = null;
      });
  }
}

function startOf(span: number, at: number): number {
  return Math.floor(at / span) * span;
}
