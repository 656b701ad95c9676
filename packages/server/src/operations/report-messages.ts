/** Lists the messages of monitoring: reports of live streams, metrics, stills, and an operator's end of a stream. */
import type { Stream, Streams } from "../live/streams/index.ts";
import type { Metrics } from "./metrics.ts";
import type { MetricValues } from "./stream-metrics.ts";
import { reportStream, type WorkerReport } from "./stream-report.ts";

type StreamName = { readonly app: string; readonly name: string };

/** Answered by a worker. */
export type ReportMessages = {
  readonly streams: () => WorkerReport[];
  readonly metrics: () => Promise<MetricValues>;
  /** False when no publisher of the stream is at this worker. */
  readonly endStream: (of: StreamName) => boolean;
  /** The newest key frame as a JPEG, in base64; null when no publisher of the stream is at this worker, or there is no picture. */
  readonly still: (of: StreamName) => Promise<string | null>;
};

/** Answered by the supervisor. */
export type ReportCallMessages = {
  /** Of all nodes; those that do not answer are left out. */
  readonly streams: () => Promise<WorkerReport[]>;
  /** Of this node. */
  readonly ownStreams: () => Promise<WorkerReport[]>;
  readonly metrics: () => Promise<MetricValues[]>;
  readonly endStream: (of: StreamName) => Promise<boolean>;
  readonly still: (of: StreamName) => Promise<string | null>;
};

/** Between nodes: names and fields are on the wire. */
export type ReportNodeMessages = {
  readonly streams: (of: null) => Promise<WorkerReport[]>;
  readonly endStream: (of: StreamName) => Promise<boolean>;
  readonly still: (of: StreamName) => Promise<string | null>;
};

export type ReportHandlersOptions = {
  readonly streams: Streams;
  readonly metrics: Metrics;
  readonly node: string;
  readonly process: string;
  /** The recording that a stream is written to; null: none. */
  readonly recordingOf: (stream: Stream) => string | null;
  /** The newest key frame as a JPEG; null: there is none. */
  readonly stillOf: (stream: Stream) => Promise<Buffer | null>;
};

export function reportHandlers({ streams, metrics, node, process, recordingOf, stillOf }: ReportHandlersOptions): ReportMessages {
  return {
    streams: () =>
      streams.list().map((stream) => ({
        report: reportStream(stream, node, process, recordingOf(stream)),
        writing: stream.writing,
        visitors: stream.visitorNumbers(),
      })),
    metrics: () => metrics.values(),
    endStream: ({ app, name }) => {
      const stream = streams.local(app, name);
      if (!stream?.writing) return false;
      stream.end("ended-by-operator");
      return true;
    },
    still: async ({ app, name }) => {
      const stream = streams.local(app, name);
      const still = stream?.writing ? await stillOf(stream) : null;
      return still?.toString("base64") ?? null;
    },
  };
}
