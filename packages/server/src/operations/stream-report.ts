/** One live stream as the API shows it: contract, `GET /api/v1/streams`. */
import type { Stream } from "../live/streams/index.ts";

export type StreamReport = {
  readonly app: string;
  readonly name: string;
  readonly epoch: string;
  readonly term: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly node: string;
  /** Null while viewers wait for the publisher to come back. */
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
  readonly uplink: { readonly fps: number; readonly jitterMs: number; readonly droppedFrames: number; readonly health: string };
  readonly viewers: Readonly<Record<"rtmp" | "flv" | "ws" | "hls" | "whep" | "total", number>>;
};

/** Codecs as people know them. */
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

export function reportStream(stream: Stream, node: string): StreamReport {
  const { video, audio } = stream.log.context;
  const health = stream.statistics.look();
  const counts = stream.countViewers();
  const count = (protocol: string) => counts.get(protocol) ?? 0;
  return {
    app: stream.app,
    name: stream.name,
    epoch: stream.epoch,
    term: stream.log.term,
    startedAt: new Date(stream.startedAt).toISOString(),
    node,
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
    uplink: { fps: health.fps, jitterMs: health.jitterMs, droppedFrames: health.droppedFrames, health: health.health },
    viewers: {
      rtmp: count("rtmp"),
      flv: count("flv"),
      ws: count("ws"),
      hls: count("hls"),
      whep: count("whep"),
      total: [...counts.values()].reduce((sum, n) => sum + n, 0),
    },
  };
}
