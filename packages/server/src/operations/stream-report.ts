/** Reports of live streams, as `GET /api/v1/streams` returns them. */
import { plainName } from "../access/policies/stream-policy.ts";
import type { MediaProblem } from "../contracts/monitoring/media-problem.ts";
import type { UplinkVerdict } from "../contracts/monitoring/node-sample.ts";
import { renditionOf } from "../live/stream-name.ts";
import type { LineReport, Stream } from "../live/streams/index.ts";

export type StreamReport = {
  readonly app: string;
  readonly name: string;
  readonly epoch: string;
  readonly term: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly node: string;
  /** The process that its publisher is connected to. */
  readonly process: string;
  /** Null while the server waits for the publisher to reconnect. */
  readonly publisher: { readonly protocol: string; readonly ip: string; readonly agent: string } | null;
  readonly video: {
    readonly codec: string;
    readonly profile: string | null;
    readonly width: number | null;
    readonly height: number | null;
    readonly fps: number;
    readonly bitrateKbps: number;
    readonly gopSeconds: number | null;
  } | null;
  readonly audio: {
    readonly codec: string;
    readonly sampleRate: number | null;
    readonly channels: number | null;
    readonly bitrateKbps: number;
  } | null;
  readonly uplink: {
    readonly fps: number;
    /** By the encoder's clock; null: not known, or its frame rate varies. */
    readonly encoderFps: number | null;
    readonly encoderKbps: number | null;
    readonly jitterMs: number;
    readonly droppedFrames: number;
    /** Of all frames since the stream began, 0 to 1. */
    readonly droppedShare: number;
    readonly driftMsPerMinute: number | null;
    readonly avOffsetMs: number | null;
    /** Of packets, 0 to 100, and there and back: null where the publisher's protocol does not tell. */
    readonly lossPercent: number | null;
    readonly rttMs: number | null;
    readonly retransmittedPercent: number | null;
    readonly unrecoveredPercent: number | null;
    /** How long packets wait for lost ones. */
    readonly latencyMs: number | null;
    readonly health: string;
    readonly verdict: UplinkVerdict;
    /** Why players cannot decode it; null: nothing speaks against it. */
    readonly problem: MediaProblem | null;
    /** Messages that could not be read, and were left out. */
    readonly faults: number;
  };
  /** The recording in progress; null: none. */
  readonly recording: string | null;
  readonly viewers: Readonly<Record<"rtmp" | "flv" | "ws" | "hls" | "whep" | "srt" | "total", number>>;
};

/** A stream as one process has it. */
export type WorkerReport = {
  readonly report: StreamReport;
  /** True in the process of its publisher; other processes have copies. */
  readonly writing: boolean;
  /** Numbers of the viewers that may use several processes, by protocol. */
  readonly visitors: Readonly<Record<string, readonly number[]>>;
};

/** Common names of codecs. */
const NAMES: { readonly [fourCc: string]: string } = {
  avc1: "h264",
  hvc1: "hevc",
  av01: "av1",
  vp09: "vp9",
  vp08: "vp8",
  mp4a: "aac",
  Opus: "opus",
  ".mp3": "mp3",
  fLaC: "flac",
};

/** Merges the reports of all processes: each stream once, with all its viewers. */
export function mergeReports(reports: readonly WorkerReport[]): StreamReport[] {
  // Who watches a stream under its plain address may get its form, which is no other stream for people.
  const plain = ({ name }: StreamReport) => (renditionOf(name) === "aac" ? plainName(name) : name);
  const groups = Map.groupBy(reports, ({ report }) => `${report.app}/${plain(report)}`);
  return [...groups.values()].flatMap((group) => {
    const itself = group.filter(({ report }) => plain(report) === report.name);
    const main = itself.find(({ writing }) => writing) ?? itself[0];
    if (!main) return [];
    const sum = (protocol: keyof StreamReport["viewers"]) => group.reduce((all, { report }) => all + report.viewers[protocol], 0);
    const hls = new Set(group.flatMap(({ visitors }) => visitors["hls"] ?? [])).size;
    const viewers = { rtmp: sum("rtmp"), flv: sum("flv"), ws: sum("ws"), hls, whep: sum("whep"), srt: sum("srt") };
    const total = viewers.rtmp + viewers.flv + viewers.ws + viewers.hls + viewers.whep + viewers.srt;
    const recording = main.report.recording ?? group.find(({ report }) => report.recording !== null)?.report.recording ?? null;
    return [{ ...main.report, recording, viewers: { ...viewers, total } }];
  });
}

export function reportStream(stream: Stream, node: string, process: string, recording: string | null): StreamReport {
  const { video, audio } = stream.log.context;
  const health = stream.statistics.look();
  const counts = stream.countViewers();
  const line: LineReport = stream.publication?.line?.() ?? { lossPercent: null, rttMs: null };
  const count = (protocol: string) => counts.get(protocol) ?? 0;
  return {
    app: stream.app,
    name: stream.name,
    epoch: stream.epoch,
    term: stream.log.term,
    startedAt: new Date(stream.startedAt).toISOString(),
    node,
    process,
    publisher: stream.publication?.source ?? null,
    video: video && {
      codec: NAMES[video.codec] ?? video.codec,
      profile: video.format?.profile ?? null,
      width: video.format?.width || null,
      height: video.format?.height || null,
      fps: health.fps,
      bitrateKbps: health.videoKbps,
      gopSeconds: health.gopSeconds,
    },
    audio: audio && {
      codec: NAMES[audio.codec] ?? audio.codec,
      sampleRate: audio.format?.sampleRate ?? null,
      channels: audio.format?.channels ?? null,
      bitrateKbps: health.audioKbps,
    },
    uplink: {
      fps: health.fps,
      encoderFps: health.encoderFps,
      encoderKbps: health.encoderKbps,
      jitterMs: health.jitterMs,
      droppedFrames: health.droppedFrames,
      droppedShare: health.droppedFrames === 0 ? 0 : health.droppedFrames / (health.droppedFrames + health.frames),
      driftMsPerMinute: health.driftMsPerMinute,
      avOffsetMs: health.avOffsetMs,
      lossPercent: line.lossPercent,
      rttMs: line.rttMs,
      retransmittedPercent: line.retransmittedPercent ?? null,
      unrecoveredPercent: line.unrecoveredPercent ?? null,
      latencyMs: line.latencyMs ?? null,
      health: health.health,
      verdict: health.verdict,
      problem: health.problem,
      faults: health.faults,
    },
    recording,
    viewers: {
      rtmp: count("rtmp"),
      flv: count("flv"),
      ws: count("ws"),
      hls: count("hls"),
      whep: count("whep"),
      srt: count("srt"),
      total: [...counts.values()].reduce((sum, n) => sum + n, 0),
    },
  };
}
