/**
 * Provides the metrics that each publisher's stream has. They are made and written without prom-client, which takes ten times as long for their
 * labels: a scrape of ten thousand streams would hold the event loop for a third of a second.
 */
import { Counter, Gauge, type MetricObjectWithValues, type MetricValue, type Registry } from "prom-client";
import { UPLINK_VERDICTS } from "../contracts/monitoring/node-sample.ts";
import type { Stream } from "../live/streams/index.ts";

/** The metrics of one process. */
export type MetricValues = readonly MetricObjectWithValues<MetricValue<string>>[];

/** What the metrics read of a stream. */
export type MeasuredStream = Pick<Stream, "app" | "name" | "clockJumps" | "nonKeyframeSegments"> & {
  readonly statistics: { readonly look: () => Health };
};
type Health = Pick<
  ReturnType<Stream["statistics"]["look"]>,
  "fps" | "jitterMs" | "videoKbps" | "audioKbps" | "frames" | "droppedFrames" | "verdict"
>;

type StreamMetric = {
  readonly kind: "gauge" | "counter";
  readonly help: string;
  readonly of: (stream: MeasuredStream, health: Health) => number;
};

const STREAM_METRICS: ReadonlyMap<string, StreamMetric> = new Map([
  ["lectern_uplink_fps", { kind: "gauge", help: "Video frames a second, as they arrive", of: (_stream, { fps }) => fps }],
  [
    "lectern_uplink_bits_per_second",
    {
      kind: "gauge",
      help: "Bits of picture and sound, as they arrive",
      of: (_stream, { videoKbps, audioKbps }) => (videoKbps + audioKbps) * 1000,
    },
  ],
  [
    "lectern_uplink_jitter_seconds",
    { kind: "gauge", help: "How unevenly video frames arrive, on average", of: (_stream, { jitterMs }) => jitterMs / 1000 },
  ],
  [
    "lectern_uplink_dropped_frames_total",
    { kind: "counter", help: "Frames that a publisher has left out", of: (_stream, { droppedFrames }) => droppedFrames },
  ],
  [
    "lectern_uplink_frames_total",
    { kind: "counter", help: "Video frames that have come from a publisher", of: (_stream, { frames }) => frames },
  ],
  [
    "lectern_uplink_verdict",
    {
      kind: "gauge",
      help: `What limits an uplink: ${UPLINK_VERDICTS.map((verdict, i) => `${i} ${verdict}`).join(", ")}`,
      of: (_stream, { verdict }) => UPLINK_VERDICTS.indexOf(verdict),
    },
  ],
  [
    "lectern_uplink_clock_jumps_total",
    { kind: "counter", help: "Times that a publisher's clock jumped, and was repaired", of: ({ clockJumps }) => clockJumps },
  ],
  [
    "lectern_uplink_forced_cuts_total",
    {
      kind: "counter",
      help: "Segments that begin without a key frame, because a publisher's key frames are too far apart",
      of: ({ nonKeyframeSegments }) => nonKeyframeSegments,
    },
  ],
]);

/** Registers the metrics, without values. */
export function registerStreamMetrics(registry: Registry): void {
  for (const [name, { kind, help }] of STREAM_METRICS) {
    const options = { name, help, labelNames: ["stream"], registers: [registry] };
    if (kind === "gauge") new Gauge(options);
    else new Counter(options);
  }
}

/** Gives the registered metrics their values. @param streams those whose publishers are in this process */
export function withStreamMetrics(metrics: MetricValues, streams: readonly MeasuredStream[]): MetricValues {
  const measured = streams.map((stream) => ({
    stream,
    labels: { stream: `${stream.app}/${stream.name}` },
    health: stream.statistics.look(),
  }));
  return metrics.map((metric) => {
    const known = STREAM_METRICS.get(metric.name);
    if (!known) return metric;
    return { ...metric, values: measured.map(({ stream, labels, health }) => ({ value: known.of(stream, health), labels })) };
  });
}

export function isStreamMetric({ name }: MetricValues[number]): boolean {
  return STREAM_METRICS.has(name);
}

/**
 * Writes the streams' metrics of all processes in the text format of Prometheus. A stream that is in two processes for a moment is one line with
 * the sum. Names of streams have no characters that the format escapes.
 */
export function writeStreamMetrics(metrics: MetricValues): string {
  let text = "";
  for (const [name, { kind, help }] of STREAM_METRICS) {
    const sums = new Map<string, number>();
    for (const metric of metrics) {
      if (metric.name !== name) continue;
      for (const { value, labels } of metric.values) {
        const stream = String(labels["stream"] ?? "");
        sums.set(stream, (sums.get(stream) ?? 0) + value);
      }
    }
    text += `# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n`;
    for (const [stream, value] of sums) text += `${name}{stream="${stream}"} ${value}\n`;
    text += "\n";
  }
  return text;
}
