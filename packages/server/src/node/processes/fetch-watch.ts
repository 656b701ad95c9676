/**
 * Watches for streams that are wanted in this process and do not arrive. Logs why, at first and again while it lasts, and keeps the reasons for
 * metrics and for the node's component `relay`.
 */
import {
  explainFetch,
  type FetchReason,
  type FetchReport,
  fetchReason,
  HEARD_WITHIN_MS,
} from "../../live/relay/transport/fetch-state.ts";
import type { UnfetchedStream } from "../cluster/node-load.ts";

const AGAIN_MS = 10_000;
/** Streams that one report names. */
const MAX_NAMED = 10;

export type FetchWatchOptions = {
  readonly reports: () => readonly FetchReport[];
  /** Wanted streams for which no source is known, APP/NAME. */
  readonly sourceless: () => readonly string[];
  /** A line of the log. */
  readonly warn: (fields: { readonly stream: string; readonly waitingMs: number; readonly reason: string }, text: string) => void;
  /** Monotonic milliseconds. */
  readonly now: () => number;
};

export class FetchWatch {
  private readonly options: FetchWatchOptions;
  private readonly saidAt = new Map<string, number>();
  private readonly sourcelessSince = new Map<string, number>();
  /** One for each stream. */
  reasons: readonly FetchReason[] = [];

  constructor(options: FetchWatchOptions) {
    this.options = options;
  }

  /** To be called each second. */
  poll(): UnfetchedStream[] {
    const reports = [...this.options.reports(), ...this.withoutSource()];
    const unfetched = new Set(reports.map(({ stream }) => stream));
    for (const stream of this.saidAt.keys()) if (!unfetched.has(stream)) this.saidAt.delete(stream);
    for (const report of reports) this.say(report);
    this.reasons = reports.map(fetchReason);
    return reports.slice(0, MAX_NAMED).map((report) => ({ stream: report.stream, reason: explainFetch(report) }));
  }

  /** A source is often known a moment later. */
  private withoutSource(): FetchReport[] {
    const now = this.options.now();
    const streams = this.options.sourceless();
    for (const stream of this.sourcelessSince.keys()) if (!streams.includes(stream)) this.sourcelessSince.delete(stream);
    return streams.flatMap((stream) => {
      const since = this.sourcelessSince.get(stream) ?? now;
      this.sourcelessSince.set(stream, since);
      return now - since > HEARD_WITHIN_MS ? [{ stream, waitingMs: Math.round(now - since), sources: [] }] : [];
    });
  }

  private say(report: FetchReport): void {
    const { stream, waitingMs } = report;
    const now = this.options.now();
    if (now - (this.saidAt.get(stream) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) return;
    this.saidAt.set(stream, now);
    this.options.warn({ stream, waitingMs, reason: explainFetch(report) }, "wanted stream does not arrive");
  }
}
