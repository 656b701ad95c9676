/** Reports a media worker's viewers and load to the supervisor at regular intervals. */
import { FETCH_REASONS } from "../../live/relay/transport/fetch-state.ts";
import { mergePopularity } from "../../network/stream-popularity.ts";
import { FetchWatch } from "./fetch-watch.ts";
import type { WorkerContext } from "./worker-context.ts";
import type { WorkerStreams } from "./worker-streams.ts";

/** The delay after which the other workers know a changed number of viewers. */
const VIEWERS_MS = 250;
/** Without viewers, their number is not checked from this time after the last request for admission on: a worker at rest wakes up rarely. */
const REST_AFTER_MS = 10_000;
const LOAD_MS = 1000;
/** Workers tell each other of HLS viewers; a session ends after three intervals without its viewer. */
const HLS_VIEWERS_MS = 4000;

export type WorkerReportsOptions = {
  readonly streams: WorkerStreams;
  readonly viewers: () => number;
  /** HLS viewers seen here with sessions of other workers. */
  readonly foreignViewers: () => readonly number[];
  readonly connections: () => number;
};

export type WorkerReports = {
  /** A viewer has asked for admission. */
  readonly viewerRequested: () => void;
  readonly close: () => void;
};

/** Begins the reports. */
export function startReports({ supervisor, metrics, log }: WorkerContext, options: WorkerReportsOptions): WorkerReports {
  const { streams, upstreams } = options.streams;
  const fetches = new FetchWatch({
    reports: () => upstreams.unfetched(),
    sourceless: () => streams.sourceless().map(({ app, name }) => `${app}/${name}`),
    warn: (fields, text) => log.warn(fields, text),
    now: () => performance.now(),
  });
  metrics.followUnfetched(FETCH_REASONS, () => fetches.reasons);
  const viewers = new ViewerReports(options.viewers, (count) => supervisor.tell("viewers", count));
  const reports = [
    setInterval(() => {
      const isWatched = options.viewers() > 0;
      // An HLS viewer may come with a session of another worker.
      if (isWatched) viewers.asked();
      const { user, system } = process.cpuUsage();
      // A worker may have thousands of streams that nobody watches.
      const watched = isWatched ? streams.list().filter(({ viewerCount }) => viewerCount > 0) : [];
      supervisor.tell("load", {
        connections: options.connections(),
        sentBytes: metrics.sentTotal,
        cpuSeconds: (user + system) / 1e6,
        paths: upstreams.list(),
        unfetched: fetches.poll(),
        popularity: mergePopularity(
          watched.map(({ app, name, viewerCount }) => ({ app, name, watching: viewerCount, expected: 0 })),
        ),
      });
    }, LOAD_MS),
    setInterval(() => {
      const numbers = options.foreignViewers();
      if (numbers.length > 0) supervisor.tell("viewersSeen", numbers);
    }, HLS_VIEWERS_MS),
  ];
  for (const report of reports) report.unref();
  return {
    viewerRequested: () => viewers.asked(),
    close: () => {
      viewers.close();
      for (const report of reports) clearInterval(report);
    },
  };
}

/** Reports changes of the number of viewers while there are any, and for a while after one has asked for admission. */
class ViewerReports {
  private readonly count: () => number;
  private readonly report: (count: number) => void;
  private timer: NodeJS.Timeout | null = null;
  private reported = 0;
  private requestedAt = 0;

  constructor(count: () => number, report: (count: number) => void) {
    this.count = count;
    this.report = report;
  }

  asked(): void {
    this.requestedAt = performance.now();
    this.timer ??= setInterval(() => this.check(), VIEWERS_MS).unref();
  }

  close(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }

  private check(): void {
    const count = this.count();
    if (count !== this.reported) this.report(count);
    this.reported = count;
    if (count === 0 && performance.now() - this.requestedAt > REST_AFTER_MS) this.close();
  }
}
