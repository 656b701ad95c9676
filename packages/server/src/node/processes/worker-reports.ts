/** Reports a media worker's viewers and load to the supervisor at regular intervals. */
import { mergePopularity } from "../../network/stream-popularity.ts";
import type { WorkerContext } from "./worker-context.ts";
import type { WorkerStreams } from "./worker-streams.ts";

/** The delay after which the other workers know a changed number of viewers. */
const VIEWERS_MS = 250;
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

/** Begins the reports. Returns the function that ends them. */
export function startReports({ supervisor, metrics }: WorkerContext, options: WorkerReportsOptions): () => void {
  const { streams, upstreams } = options.streams;
  let reported = 0;
  const reports = [
    setInterval(() => {
      const count = options.viewers();
      if (count !== reported) supervisor.tell("viewers", count);
      reported = count;
    }, VIEWERS_MS),
    setInterval(() => {
      const { user, system } = process.cpuUsage();
      const watched = streams.list().filter(({ viewerCount }) => viewerCount > 0);
      supervisor.tell("load", {
        connections: options.connections(),
        sentBytes: metrics.sentTotal,
        cpuSeconds: (user + system) / 1e6,
        paths: upstreams.list(),
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
  return () => {
    for (const report of reports) clearInterval(report);
  };
}
