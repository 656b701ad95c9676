/** Prometheus metrics of the server. They are counted in batches, never per message and viewer. */
import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { renditionOf } from "../live/stream-name.ts";
import type { FanOutObserver, Stream, Streams } from "../live/streams/index.ts";
import type { SpanCounts } from "../platform/tracing/open-tracer.ts";
import { registerSpanMetric } from "./span-metric.ts";
import { writeStallRatio } from "./stall-ratio.ts";
import {
  isStreamMetric,
  type MetricValues,
  registerStreamMetrics,
  withStreamMetrics,
  writeStreamMetrics,
} from "./stream-metrics.ts";
import type { StreamReport } from "./stream-report.ts";

const PROTOCOLS = ["rtmp", "flv", "ws", "hls", "whep", "srt"] as const;

export class Metrics {
  readonly registry = processMetrics();
  private readonly sentBytes: Counter<"protocol">;
  private readonly sentBy = new Map<string, Counter.Internal>();
  private readonly joins: Counter<"protocol" | "result">;
  private readonly joinSeconds: Histogram<"protocol">;
  private readonly skipped: Counter<"protocol">;
  private readonly evicted: Counter<"protocol" | "reason">;
  private readonly refusals: Counter<"reason">;
  private readonly ruleRefusals: Counter<"rule">;
  private readonly eventLoopDelay: Histogram;
  private readonly relayReceived: Counter<"upstream">;
  private readonly relaySent: Counter;
  private readonly slowPaths: Counter<"what">;
  private readonly recordingFailures: Counter;
  private readonly viewerLimitsUnanswered: Counter;
  private readonly backEndAnswers = new Counter({
    name: "lectern_back_end_answers_total",
    help: "Answers of the back ends that policies ask, by allow, refuse and failed",
    labelNames: ["answer"],
    registers: [this.registry],
  });
  private written: () => readonly Stream[] = () => [];
  private endedBytes = 0;
  /** Bytes sent to viewers and to other processes. */
  sentTotal = 0;

  constructor() {
    const registers = [this.registry];
    this.sentBytes = new Counter({
      name: "lectern_sent_bytes_total",
      help: "Bytes given to viewers",
      labelNames: ["protocol"],
      registers,
    });
    this.joins = new Counter({
      name: "lectern_joins_total",
      help: "Viewers that came",
      labelNames: ["protocol", "result"],
      registers,
    });
    this.joinSeconds = new Histogram({
      name: "lectern_join_seconds",
      help: "From a viewer's request to its first key frame",
      labelNames: ["protocol"],
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 2, 5],
      registers,
    });
    this.skipped = new Counter({
      name: "lectern_skipped_gops_total",
      help: "Times a viewer that was too slow was moved to a key frame",
      labelNames: ["protocol"],
      registers,
    });
    this.evicted = new Counter({
      name: "lectern_evicted_viewers_total",
      help: "Viewers closed by the server",
      labelNames: ["protocol", "reason"],
      registers,
    });
    this.refusals = new Counter({ name: "lectern_refused_total", help: "Requests turned away", labelNames: ["reason"], registers });
    this.ruleRefusals = new Counter({
      name: "lectern_refused_by_rule_total",
      help: "Requests that an access rule refused",
      labelNames: ["rule"],
      registers,
    });
    this.eventLoopDelay = new Histogram({
      name: "lectern_event_loop_hold_seconds",
      help: "How long the event loop was held when viewers were to be served",
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1],
      registers,
    });
    this.relayReceived = new Counter({
      name: "lectern_relay_received_bytes_total",
      help: "Bytes of streams that came from other processes",
      labelNames: ["upstream"],
      registers,
    });
    this.relaySent = new Counter({
      name: "lectern_relay_sent_bytes_total",
      help: "Bytes of streams that went to other processes",
      registers,
    });
    this.slowPaths = new Counter({
      name: "lectern_slow_path_total",
      help: "Viewers served in a way that costs more than it need",
      labelNames: ["what"],
      registers,
    });
    this.recordingFailures = new Counter({
      name: "lectern_recording_failures_total",
      help: "Times that recording a stream had to stop because nothing could be written",
      registers,
    });
    this.viewerLimitsUnanswered = new Counter({
      name: "lectern_viewer_limit_unanswered_total",
      help: "Viewers let in because the supervisor did not answer in time whether a limit of viewers is reached",
      registers,
    });
    for (const protocol of PROTOCOLS) {
      this.sentBytes.inc({ protocol }, 0);
      this.joins.inc({ protocol, result: "ok" }, 0);
      this.skipped.inc({ protocol }, 0);
    }
  }

  /** Adds metrics that are read from the streams when they are collected. */
  follow(streams: Streams): void {
    const registers = [this.registry];
    new Gauge({
      name: "lectern_streams",
      help: "Streams that are live. Those whose sound alone differs, such as math@aac, are the same stream",
      registers,
      collect: ownGauge(() => written(streams).filter(({ name }) => renditionOf(name) === null).length),
    });
    new Gauge({
      name: "lectern_viewers",
      help: "Viewers that are connected",
      labelNames: ["protocol"],
      registers,
      collect() {
        const counts = new Map<string, number>(PROTOCOLS.map((protocol) => [protocol, 0]));
        for (const stream of streams.list()) {
          for (const [protocol, count] of stream.countViewers()) counts.set(protocol, (counts.get(protocol) ?? 0) + count);
        }
        for (const [protocol, count] of counts) this.set({ protocol }, count);
      },
    });
    const ended = () => this.endedBytes;
    new Counter({
      name: "lectern_received_bytes_total",
      help: "Bytes of media received from publishers",
      registers,
      collect() {
        this.reset();
        // Also what came here before a publisher went to another process.
        this.inc(streams.list().reduce((sum, stream) => sum + stream.statistics.look().receivedBytes, ended()));
      },
    });
    registerStreamMetrics(this.registry);
    this.written = () => written(streams);
  }

  /** The values of all metrics of this process. */
  async values(): Promise<MetricValues> {
    return withStreamMetrics(await this.registry.getMetricsAsJSON(), this.written());
  }

  /** Keeps counting the bytes that an ended stream has received. */
  streamEnded(receivedBytes: number): void {
    this.endedBytes += receivedBytes;
  }

  joined(protocol: string, seconds: number): void {
    this.joins.inc({ protocol, result: "ok" });
    this.joinSeconds.observe({ protocol }, seconds);
  }

  /** @param rule the access rule that refused; null when something else did */
  refused(reason: string, protocol: string | null, rule: string | null = null): void {
    this.refusals.inc({ reason });
    if (rule) this.ruleRefusals.inc({ rule });
    if (protocol) this.joins.inc({ protocol, result: reason });
  }

  /** A viewer was let in because the supervisor did not say in time whether a rule's limit of viewers is reached. */
  viewerLimitUnanswered(): void {
    this.viewerLimitsUnanswered.inc();
  }

  /** A back end that a rule of a policy names has answered a question. */
  backEndAnswered(answer: string): void {
    this.backEndAnswers.inc({ answer });
  }

  slowPath(what: string): void {
    this.slowPaths.inc({ what });
  }

  relayReceive(upstream: string, bytes: number): void {
    this.relayReceived.inc({ upstream }, bytes);
  }

  relaySend(bytes: number): void {
    this.sentTotal += bytes;
    this.relaySent.inc(bytes);
  }

  /** Adds the number of streams that are being recorded. */
  followRecording(count: () => number): void {
    new Gauge({
      name: "lectern_recordings",
      help: "Streams that are being recorded",
      registers: [this.registry],
      collect() {
        this.set(count());
      },
    });
  }

  /** Adds the number of streams that are wanted and do not arrive, by reason. */
  followUnfetched(reasons: readonly string[], current: () => readonly string[]): void {
    new Gauge({
      name: "lectern_relay_unfetched_streams",
      help: "Streams that are wanted here and come from no source, by the reason",
      labelNames: ["reason"],
      registers: [this.registry],
      collect() {
        for (const reason of reasons) this.set({ reason }, current().filter((one) => one === reason).length);
      },
    });
  }

  /** Adds how far rungs are behind their sources. */
  followLadders(ladders: () => readonly { readonly lagMs: number; readonly rungs: readonly string[] }[]): void {
    const registers = [this.registry];
    new Gauge({
      name: "lectern_rung_lag_seconds",
      help: "How far the slowest rung of all ladders is behind its source",
      aggregator: "max",
      registers,
      collect() {
        this.set(Math.max(0, ...ladders().map(({ lagMs }) => lagMs)) / 1000);
      },
    });
    new Gauge({
      name: "lectern_rungs",
      help: "Rungs of ladders that are being made",
      registers,
      collect() {
        this.set(ladders().reduce((sum, { rungs }) => sum + rungs.length, 0));
      },
    });
  }

  /** Adds what replay keeps in memory and open. */
  followReplay(cache: ReplayCache, openFiles: () => number): void {
    const registers = [this.registry];
    new Gauge({
      name: "lectern_replay_cache_bytes",
      help: "Packaged segments of recordings in memory: cached, and held by clients that read slowly",
      labelNames: ["state"],
      registers,
      collect() {
        this.set({ state: "cached" }, cache.size);
        this.set({ state: "held" }, cache.held);
      },
    });
    new Gauge({
      name: "lectern_replay_cache_limit_bytes",
      help: "Bound of the cached segments of recordings",
      registers,
      collect: ownGauge(() => cache.limit),
    });
    new Counter({
      name: "lectern_replay_segments_total",
      help: "Segments of recordings: from memory (cached), from another request (shared), from the file (packaged)",
      labelNames: ["from"],
      registers,
      collect() {
        this.reset();
        for (const [from, count] of Object.entries(cache.counts)) this.inc({ from }, count);
      },
    });
    new Gauge({
      name: "lectern_replay_open_files",
      help: "Recorded files that are open for reading",
      registers,
      collect: ownGauge(openFiles),
    });
  }

  /** Adds what has become of the spans of this process. */
  followSpans(counts: SpanCounts): void {
    registerSpanMetric(this.registry, counts);
  }

  recordingFailed(): void {
    this.recordingFailures.inc();
  }

  /** Called for each HLS response, so the counters that prom-client looks up are cached. */
  sent(protocol: string, bytes: number): void {
    let counter = this.sentBy.get(protocol);
    if (!counter) {
      counter = this.sentBytes.labels(protocol);
      this.sentBy.set(protocol, counter);
    }
    counter.inc(bytes);
    this.sentTotal += bytes;
  }

  readonly fanOut: FanOutObserver = {
    sent: (protocol, bytes) => this.sent(protocol, bytes),
    skipped: (protocol) => this.skipped.inc({ protocol }),
    evicted: (protocol, reason) => this.evicted.inc({ protocol, reason }),
    late: (milliseconds) => this.eventLoopDelay.observe(milliseconds / 1000),
  };
}

/** What the metrics read of the cache of packaged segments. */
export type ReplayCache = {
  readonly size: number;
  readonly held: number;
  readonly limit: number;
  readonly counts: Readonly<Record<string, number>>;
};

/** Streams whose publishers are in this process. Copies are counted where their publisher is. */
function written(streams: Streams): Stream[] {
  return streams.list().filter((stream) => stream.writing);
}

/** The histogram of the event loop's delay needs a timer, which would wake each process a hundred times a second at rest. */
const DELAY_HISTOGRAM = ["min", "max", "mean", "stddev", "p50", "p90", "p99"].map((part) => `nodejs_eventloop_lag_${part}_seconds`);
const HOUR_MS = 3_600_000;

/** The default metrics of Node.js. The event loop's load is `nodejs_eventloop_utilization`, which the loop itself counts. */
export function processMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: HOUR_MS });
  for (const name of DELAY_HISTOGRAM) registry.removeSingleMetric(name);
  let before = performance.eventLoopUtilization();
  new Gauge({
    name: "nodejs_eventloop_utilization",
    help: "The share of time that the event loop was busy since the last scrape, 0 to 1",
    registers: [registry],
    collect() {
      const now = performance.eventLoopUtilization();
      this.set(performance.eventLoopUtilization(now, before).utilization);
      before = now;
    },
  });
  return registry;
}

/** Merges the metrics of all processes. An HLS viewer may use several processes, so HLS viewers are counted from the stream reports. */
export async function mergeMetrics(
  processes: readonly MetricValues[],
  live: readonly StreamReport[],
): Promise<{ contentType: string; text: string }> {
  const hls = live.reduce((sum, { viewers }) => sum + viewers.hls, 0);
  let counted = false;
  for (const { name, values } of processes.flat()) {
    if (name !== "lectern_viewers") continue;
    for (const value of values.filter(({ labels }) => labels["protocol"] === "hls")) {
      value.value = counted ? 0 : hls;
      counted = true;
    }
  }
  const registry = AggregatorRegistry.aggregate(processes.map((metrics) => metrics.filter((metric) => !isStreamMetric(metric))));
  const text = `${await registry.metrics()}\n${writeStreamMetrics(processes.flat())}${writeStallRatio(processes)}`;
  return { contentType: registry.contentType, text };
}

function ownGauge(value: () => number) {
  return function collect(this: Gauge): void {
    this.set(value());
  };
}
