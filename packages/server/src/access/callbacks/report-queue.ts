/**
 * Sends reports to the back end at least once. An address that fails is tried with one report at a time, with growing delays; the others wait their
 * turn behind it, in their order, and those of other addresses do not. After a time-out nobody knows whether a report arrived, so it is sent again
 * with the same id.
 */
import { type Clock, systemClock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/log.ts";
import { RecentMap } from "../../platform/recent-map.ts";
import type { Report, ReportJournal } from "./report-journal.ts";

export type ReportQueueOptions = {
  /** Sends a report. @returns the HTTP status @throws where there was no answer */
  readonly post: (report: Report) => Promise<number>;
  /** False: the configuration does not name the address any more. */
  readonly isWanted: (report: Report) => boolean;
  /** Null: in memory alone. */
  readonly journal: ReportJournal | null;
  readonly log: Logger;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Default: DELAYS_MS. */
  readonly delaysMs?: readonly number[];
};

/** One address of the back end. */
type Lane = { readonly waiting: Report[]; sending: number; failures: number; cancelPause: (() => void) | null };

/** After each failure in a row; the last one stays. */
const DELAYS_MS: readonly number[] = [1000, 5000, 15_000, 30_000, 60_000];
/** As webhooks. */
const KEEP_MS = 3 * 24 * 3600 * 1000;
const MAX_SENDING = 32;
/** Of one address; the oldest are dropped. An hour of 25 viewers who leave each second. */
const MAX_WAITING = 100_000;
const MAX_KNOWN = 20_000;

export class ReportQueue {
  private readonly options: ReportQueueOptions;
  private readonly clock: Clock;
  private readonly lanes = new Map<string, Lane>();
  /** Reports that wait or were sent: two processes may hear of the same end. */
  private readonly known = new RecentMap<string, true>(MAX_KNOWN);
  private readonly quiet = new Set<() => void>();

  constructor(options: ReportQueueOptions) {
    this.options = options;
    this.clock = options.clock ?? systemClock;
  }

  /** Queues a report, on disk before this returns. */
  add(report: Report): void {
    if (this.isKnown(report)) return;
    this.options.journal?.added(report);
    this.enqueue(report);
  }

  /** Queues reports that the journal has of an earlier process. */
  resume(reports: readonly Report[]): void {
    for (const report of reports) if (!this.isKnown(report)) this.enqueue(report);
  }

  /** Resolves when every report was sent, or waits for an address that has failed. */
  async idle(): Promise<void> {
    while (!this.isQuiet) await new Promise<void>((resolve) => this.quiet.add(resolve));
  }

  private get isQuiet(): boolean {
    return [...this.lanes.values()].every(
      ({ waiting, sending, cancelPause }) => sending === 0 && (waiting.length === 0 || cancelPause !== null),
    );
  }

  private isKnown({ id, url }: Report): boolean {
    const key = `${id} ${url}`;
    if (this.known.get(key)) return true;
    this.known.set(key, true);
    return false;
  }

  private enqueue(report: Report): void {
    const lane = this.lanes.get(report.url) ?? { waiting: [], sending: 0, failures: 0, cancelPause: null };
    this.lanes.set(report.url, lane);
    lane.waiting.push(report);
    if (lane.waiting.length > MAX_WAITING)
      for (const oldest of lane.waiting.splice(0, 1)) this.drop(oldest, "too many reports wait");
    this.run(lane);
  }

  private run(lane: Lane): void {
    while (lane.cancelPause === null && lane.sending < (lane.failures > 0 ? 1 : MAX_SENDING)) {
      const report = lane.waiting.shift();
      if (!report) break;
      lane.sending++;
      void this.send(lane, report);
    }
    if (!this.isQuiet) return;
    for (const resolve of this.quiet) resolve();
    this.quiet.clear();
  }

  private async send(lane: Lane, report: Report): Promise<void> {
    const failure = await this.attempt(report);
    lane.sending--;
    if (failure === null) lane.failures = 0;
    else {
      const later = lane.waiting.findIndex(({ at }) => at > report.at);
      lane.waiting.splice(later === -1 ? lane.waiting.length : later, 0, report);
      this.pause(lane, report, failure);
    }
    this.run(lane);
  }

  /** Null: it is done with. */
  private async attempt(report: Report): Promise<string | null> {
    const { post, isWanted, journal } = this.options;
    if (!isWanted(report)) return this.drop(report, "the address is not configured any more");
    if (this.clock.utc() - report.at > KEEP_MS) return this.drop(report, "three days have passed");
    try {
      const status = await post(report);
      if (status >= 500) return `status ${status}`;
      journal?.sent(report);
      return null;
    } catch (error) {
      return String(error instanceof Error && error.cause ? error.cause : error);
    }
  }

  private drop(report: Report, reason: string): null {
    const { log, journal } = this.options;
    journal?.sent(report);
    log.warn({ url: withoutQuery(report.url), action: report.action, of: report.of, reason }, "callback report dropped");
    return null;
  }

  /** Others that were under way when an address failed say nothing new. */
  private pause(lane: Lane, { url, action, of }: Report, reason: string): void {
    if (lane.cancelPause !== null) return;
    const { delaysMs = DELAYS_MS, log } = this.options;
    const delay = delaysMs[Math.min(lane.failures, delaysMs.length - 1)] ?? 0;
    lane.failures++;
    log.warn({ url: withoutQuery(url), action, of, reason, waiting: lane.waiting.length, delay }, "callback failed, reports wait");
    lane.cancelPause = this.clock.after(delay, () => {
      lane.cancelPause = null;
      this.run(lane);
    });
  }
}

/** The query may contain secrets. */
export function withoutQuery(url: string): string {
  return url.split("?")[0] ?? url;
}
