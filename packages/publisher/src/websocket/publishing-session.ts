/** Provides one connection of the worker: encodes the tracks, and sends them as fast as the server reads. */

import { readTrack } from "../capture/track-readers.ts";
import type { VideoLimits } from "../supervise/publisher-types.ts";
import { BitrateRule } from "./bitrate-rule.ts";
import { RateMeter } from "./counters.ts";
import { metadataTag, soundSetup, soundTag, videoSetup, videoTag } from "./flv-tags.ts";
import { LinkMeter } from "./link-meter.ts";
import { type QueuedTag, SendQueue } from "./send-queue.ts";
import { readServerMessage, type ServerMessage } from "./server-messages.ts";
import { SOUND_KBPS, SoundEncoder } from "./sound-encoder.ts";
import { SourceClock } from "./source-clock.ts";
import { FlvVideoEncoder } from "./video-encoder.ts";
import { LEAST_KBPS, scaleDown, usualKbps, type VideoSize } from "./video-settings.ts";
import type { FromWorker, Muted, Sources, WorkerStatistics } from "./worker-messages.ts";

export type SessionOptions = {
  readonly address: string;
  readonly sources: Sources;
  readonly muted: Muted;
  readonly limits: VideoLimits;
  readonly keyFrameMs: number;
  readonly tell: (message: FromWorker) => void;
};

const SUBPROTOCOL = "lectern.flv.v1";
/** The handshake and the server's word that the stream is ours have to come within this. */
const OPEN_MS = 8000;
/** The server tells four times a second how far it has read. */
const SILENT_MS = 4000;
const TICK_MS = 50;
const STATISTICS_MS = 500;
/** A tick that is so late: the machine has slept, and the server has given up. */
const SLEPT_MS = 5000;
/** So many bytes wait in the browser: what is there cannot be left out any more. */
const MAX_BUFFERED = 64 * 1024;
/** A page that sends its pictures itself is asked for one after such a pause. */
const PICTURE_PAUSE_MS = 100;

export class PublishingSession {
  private readonly options: SessionOptions;
  private readonly socket: WebSocket;
  private readonly begun = performance.now();
  private readonly link = new LinkMeter();
  private readonly queue: SendQueue;
  private readonly rule: BitrateRule;
  private readonly pictures: FlvVideoEncoder;
  private readonly sound: SoundEncoder;
  private readonly sent = { bytes: new RateMeter(), pictures: new RateMeter() };
  private readonly timer: ReturnType<typeof setInterval>;
  private sources: Sources;
  private clocks = { video: new SourceClock(), audio: new SourceClock() };
  private stopReading: readonly (() => void)[] = [];
  private isLive = false;
  private isOver = false;
  private hasDropped = false;
  private ended: { readonly code: string; readonly detail: string } | null = null;
  private heardAt: number;
  private tickedAt: number;
  private reportedAt = 0;
  private frameAt = 0;
  private limits: VideoLimits;
  private size = { width: 0, height: 0 };

  constructor(options: SessionOptions) {
    this.options = options;
    this.limits = options.limits;
    this.sources = options.sources;
    this.heardAt = this.begun;
    this.tickedAt = this.begun;
    this.queue = new SendQueue(() => this.pictures.requestKeyFrame());
    const maxKbps = options.limits.maxKbps ?? usualKbps({ width: 1280, height: 720 });
    this.rule = new BitrateRule({ minKbps: Math.min(LEAST_KBPS, maxKbps), maxKbps, soundKbps: SOUND_KBPS }, this.begun);
    this.pictures = new FlvVideoEncoder(maxKbps, options.limits, options.keyFrameMs, {
      onSetup: (data, { width, height, fps }) => {
        const time = this.newestTime();
        this.send(metadataTag({ width, height, framerate: fps, videocodecid: 7, encoder: "Lectern publisher" }, time));
        this.send(videoSetup(data, time));
      },
      onFrame: (data, isKey, time) => this.send(videoTag(data, isKey, time)),
      onFailed: (detail) => {
        options.tell({ kind: "no-encoder", detail });
        this.close();
      },
    });
    this.sound = new SoundEncoder({
      onSetup: (codec, data) => this.send(soundSetup(codec, data, this.newestTime())),
      onPacket: (codec, data, time) => this.send(soundTag(codec, data, time)),
    });
    this.mute(options.muted);
    this.socket = new WebSocket(options.address, SUBPROTOCOL);
    this.socket.addEventListener("message", ({ data }) => this.hear(data));
    this.socket.addEventListener("close", ({ code }) => this.lost(code));
    this.timer = setInterval(() => this.tick(), TICK_MS);
  }

  mute(muted: Muted): void {
    this.pictures.mute(muted.video);
    this.sound.mute(muted.audio);
  }

  /** Sends a smaller or larger picture from now on. */
  setLimits(limits: VideoLimits): void {
    this.limits = limits;
    this.pictures.setLimits(limits);
    if (this.size.width > 0) this.limitBy(this.size);
  }

  /** Publishes other tracks from now on. */
  replace(sources: Sources): void {
    this.sources = sources;
    if (this.isLive) this.read();
  }

  /** A picture that the page sends. */
  takeFrame(frame: VideoFrame): void {
    if (this.isLive && !this.isOver && this.sources.video) this.encodeFrame(frame);
    else frame.close();
  }

  /** Sound that the page sends. */
  takeSound(data: AudioData): void {
    if (this.isLive && !this.isOver && this.sources.audio) this.encodeSound(data);
    else data.close();
  }

  /** The network may have changed: a server that is there has been heard a moment ago. */
  check(): void {
    if (this.isLive && performance.now() - this.heardAt > 1000) this.end("network", "The server was not heard.", null);
  }

  /** Tells nothing any more. May be called twice. */
  close(): void {
    if (this.isOver) return;
    this.isOver = true;
    clearInterval(this.timer);
    for (const stop of this.stopReading) stop();
    this.pictures.close();
    this.sound.close();
    this.socket.close(1000);
  }

  private read(): void {
    for (const stop of this.stopReading) stop();
    const { video, audio, content } = this.sources;
    this.clocks = { video: new SourceClock(), audio: new SourceClock() };
    this.pictures.setContent(content);
    this.pictures.requestKeyFrame();
    this.stopReading = [
      ...(video ? [readTrack(video, (frame) => this.encodeFrame(frame))] : []),
      ...(audio ? [readTrack(audio, (data) => this.encodeSound(data))] : []),
    ];
  }

  private encodeFrame(frame: VideoFrame): void {
    const now = performance.now();
    this.frameAt = now;
    const { displayWidth: width, displayHeight: height } = frame;
    if (width !== this.size.width || height !== this.size.height) this.limitBy({ width, height });
    this.pictures.encode(frame, this.clocks.video.at(frame.timestamp, now - this.begun));
  }

  private encodeSound(data: AudioData): void {
    this.sound.encode(data, this.clocks.audio.at(data.timestamp, performance.now() - this.begun));
  }

  /** The most for a picture of its size. */
  private limitBy(size: VideoSize): void {
    this.size = size;
    const scale = scaleDown(size, this.limits.maxLines);
    const maxKbps = this.limits.maxKbps ?? usualKbps({ width: size.width / scale, height: size.height / scale });
    this.rule.limit({ minKbps: Math.min(LEAST_KBPS, maxKbps), maxKbps, soundKbps: SOUND_KBPS });
    this.pictures.setBitrate(this.rule.targetKbps);
  }

  private send(tag: QueuedTag): void {
    if (this.isOver) return;
    if (this.queue.push(tag, performance.now())) this.hasDropped = true;
    this.forward();
  }

  private forward(): void {
    const { socket, link, queue, sent } = this;
    while (socket.readyState === socket.OPEN && socket.bufferedAmount < MAX_BUFFERED && link.mayForward) {
      const tag = queue.take();
      if (!tag) return;
      const now = performance.now();
      socket.send(tag.bytes as Uint8Array<ArrayBuffer>);
      link.forwarded(tag.bytes.length, tag.at, now);
      sent.bytes.count(tag.bytes.length, now);
      if (tag.kind === "key" || tag.kind === "delta") sent.pictures.count(1, now);
    }
  }

  private hear(data: unknown): void {
    if (this.isOver) return;
    this.heardAt = performance.now();
    const message = readServerMessage(data);
    if (message) this.obey(message);
  }

  private obey(message: ServerMessage): void {
    switch (message.kind) {
      case "started":
        if (this.isLive) return;
        this.isLive = true;
        this.options.tell({ kind: "live" });
        return this.read();
      case "key-frame":
        return this.pictures.requestKeyFrame();
      case "received":
        this.link.received(message.bytes, this.queue.oldestAt, performance.now());
        this.decide();
        return this.forward();
      case "ended":
        this.ended = message;
        return;
    }
  }

  private decide(): void {
    const { link, rule, queue, hasDropped } = this;
    const { lagMs, readKbps } = link;
    if (lagMs === null) return;
    this.hasDropped = false;
    const isFull = hasDropped || queue.size > 0;
    this.pictures.setBitrate(rule.decide({ lagMs, readKbps, isFull, hasDropped }, performance.now()));
  }

  private lost(closeCode: number): void {
    const { code, detail } = this.ended ?? { code: "network", detail: "The connection was closed." };
    this.end(code, detail, this.ended ? closeCode : null);
  }

  private end(code: string, detail: string, closeCode: number | null): void {
    if (this.isOver) return;
    this.close();
    this.options.tell({ kind: "ended", code, detail, closeCode });
  }

  private tick(): void {
    const now = performance.now();
    const pauseMs = now - this.tickedAt;
    this.tickedAt = now;
    if (pauseMs > SLEPT_MS) return this.end("network", "The machine has slept.", null);
    if (!this.isLive && now - this.begun > OPEN_MS) return this.end("network", "The server does not answer.", null);
    if (this.isLive && now - this.heardAt > SILENT_MS) return this.end("network", "The server is not heard any more.", null);
    this.forward();
    if (this.isLive && this.sources.video?.by === "page" && now - this.frameAt > PICTURE_PAUSE_MS)
      this.options.tell({ kind: "frame-wanted" });
    if (now - this.reportedAt < STATISTICS_MS) return;
    this.reportedAt = now;
    this.options.tell({ kind: "statistics", statistics: this.statistics(now) });
  }

  private statistics(now: number): WorkerStatistics {
    const { link, queue, pictures, sound, sources, sent } = this;
    const hasVideo = sources.video !== null;
    return {
      kbps: (sent.bytes.rate(now) * 8) / 1000,
      targetKbps: hasVideo ? this.rule.targetKbps : null,
      fps: hasVideo ? sent.pictures.rate(now) : null,
      width: pictures.settings?.width ?? null,
      height: pictures.settings?.height ?? null,
      rttMs: link.rttMs,
      queueMs: link.lagMs,
      droppedFrames: queue.droppedFrames + pictures.droppedFrames,
      audioLevel: sources.audio === null ? null : sound.level,
    };
  }

  private newestTime(): number {
    return Math.max(0, performance.now() - this.begun);
  }
}
