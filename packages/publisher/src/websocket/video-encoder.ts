/** Encodes the picture as H.264 for live viewers: no B-frames, a key frame at an interval and whenever one is wanted. */
import type { VideoLimits } from "../supervise/publisher-types.ts";
import { RateMeter } from "./counters.ts";
import { avcCodecs, type VideoContent, type VideoSettings, videoSettings } from "./video-settings.ts";

export type VideoEncoderEvents = {
  /** The decoder's configuration has changed. @param data avcC */
  readonly onSetup: (data: Uint8Array, settings: VideoSettings) => void;
  /** @param time milliseconds of the publisher's clock */
  readonly onFrame: (data: Uint8Array, isKey: boolean, time: number) => void;
  /** Pictures cannot be encoded here. */
  readonly onFailed: (detail: string) => void;
};

/** Pictures that the encoder has not finished: more would only be later. */
const MAX_PENDING = 3;
/** A key frame that is wanted sooner after a key frame waits: on a full line, key frames alone would fill it. */
const WANTED_AGAIN_MS = 1000;
/** A new bitrate is told to the encoder when it is so much different. */
const CHANGE = 0.08;
/** Encoders of graphics cards are lost when a laptop sleeps: they are opened again, and then done without. */
const MAX_FAILURES = 5;
const HARDWARE_FAILURES = 2;

/** How often it is looked at whether the encoder keeps to its bits, and by how much it may exceed them. */
const LOOK_MS = 2000;
const EXCESS = { most: 1.4, little: 0.8 } as const;
const MOST_DIFFICULT = 16;

type Configured = { readonly settings: VideoSettings; readonly kbps: number };

export class FlvVideoEncoder {
  private readonly events: VideoEncoderEvents;
  private content: VideoContent = "motion";
  private limits: VideoLimits;
  private readonly keyFrameMs: number;
  private encoder: VideoEncoder | null = null;
  private configured: Configured | null = null;
  private isConfiguring = false;
  private kbps: number;
  private keyAt = Number.NEGATIVE_INFINITY;
  private wantsKey = true;
  private nextAt = Number.NEGATIVE_INFINITY;
  private isMuted = false;
  private failures = 0;
  private isOver = false;
  private canvas: OffscreenCanvas | null = null;
  private readonly produced = new RateMeter();
  private lookedAt = Number.NEGATIVE_INFINITY;
  /** By how much this picture needs more bits than others: below some size no encoder can spare any. */
  private difficulty = 1;
  /** Pictures that the encoder was too slow for. */
  droppedFrames = 0;

  /** @param keyFrameMs between key frames */
  constructor(kbps: number, limits: VideoLimits, keyFrameMs: number, events: VideoEncoderEvents) {
    this.kbps = kbps;
    this.limits = limits;
    this.keyFrameMs = keyFrameMs;
    this.events = events;
  }

  get settings(): VideoSettings | null {
    return this.configured?.settings ?? null;
  }

  /** The next picture is a key frame. */
  requestKeyFrame(): void {
    this.wantsKey = true;
  }

  setBitrate(kbps: number): void {
    this.kbps = kbps;
  }

  /** Of size and pictures per second: bits are set by `setBitrate`. */
  setLimits(limits: VideoLimits): void {
    this.limits = limits;
  }

  setContent(content: VideoContent): void {
    this.content = content;
  }

  /** A muted picture is black. */
  mute(isMuted: boolean): void {
    if (this.isMuted !== isMuted) this.keyAt = Number.NEGATIVE_INFINITY;
    this.isMuted = isMuted;
  }

  /** Encodes a picture, and closes it. @param time milliseconds of the publisher's clock */
  encode(frame: VideoFrame, time: number): void {
    try {
      if (!this.isOver) this.take(frame, time);
    } catch (error) {
      this.fail(error);
    } finally {
      frame.close();
    }
  }

  /** May be called twice. */
  close(): void {
    this.isOver = true;
    this.forget();
  }

  private take(frame: VideoFrame, time: number): void {
    const source = { width: frame.displayWidth, height: frame.displayHeight };
    this.judge(time);
    const settings = videoSettings(source, this.kbps / this.difficulty, this.content, this.settings, this.limits);
    const { configured } = this;
    const isOther =
      !configured || Math.abs(this.kbps - configured.kbps) > CHANGE * configured.kbps || !isSame(settings, configured.settings);
    if (isOther) this.configure(settings);
    const { encoder } = this;
    if (!encoder || this.isConfiguring || !this.configured || encoder.state !== "configured") return;
    if (time < this.nextAt) return;
    if (encoder.encodeQueueSize >= MAX_PENDING) {
      this.droppedFrames++;
      return;
    }
    // A camera of 30 frames a second is not exact to the millisecond.
    const interval = 1000 / this.configured.settings.fps;
    this.nextAt = Math.max(this.nextAt + interval, time + interval * 0.4);
    const keyFrame = time - this.keyAt >= (this.wantsKey ? WANTED_AGAIN_MS : this.keyFrameMs);
    if (keyFrame) this.keyAt = time;
    this.wantsKey &&= !keyFrame;
    const fitting = this.fit(frame, this.configured.settings, Math.round(time * 1000));
    encoder.encode(fitting, { keyFrame });
    fitting.close();
  }

  /** A picture that needs more bits than it may have becomes smaller. */
  private judge(time: number): void {
    if (time - this.lookedAt < LOOK_MS) return;
    this.lookedAt = time;
    const excess = (this.produced.rate(time) * 8) / 1000 / this.kbps;
    if (excess > EXCESS.most) this.difficulty = Math.min(MOST_DIFFICULT, this.difficulty * excess);
    else if (excess < EXCESS.little) this.difficulty = Math.max(1, this.difficulty * EXCESS.little);
  }

  /** The picture in the size that is sent, at the publisher's time. */
  private fit(frame: VideoFrame, { width, height }: VideoSettings, timestamp: number): VideoFrame {
    if (!this.isMuted && frame.displayWidth === width && frame.displayHeight === height)
      return new VideoFrame(frame, { timestamp });
    this.canvas ??= new OffscreenCanvas(width, height);
    const { canvas } = this;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d", { alpha: false });
    if (!context) throw new Error("no canvas");
    context.fillStyle = "black";
    if (this.isMuted) context.fillRect(0, 0, width, height);
    else context.drawImage(frame, 0, 0, width, height);
    return new VideoFrame(canvas, { timestamp });
  }

  private configure(settings: VideoSettings): void {
    if (this.isConfiguring) return;
    this.isConfiguring = true;
    const { kbps } = this;
    void supported(settings, kbps, this.failures >= HARDWARE_FAILURES)
      .then((config) => {
        if (this.isOver) return;
        if (!config) return this.giveUp("This browser cannot encode H.264.");
        this.encoder ??= this.open();
        // Another size needs a key frame; other bits do not.
        if (this.configured && !isSameSize(settings, this.configured.settings)) this.keyAt = Number.NEGATIVE_INFINITY;
        this.encoder.configure(config);
        this.configured = { settings, kbps };
      })
      .catch((error: unknown) => this.fail(error))
      .finally(() => {
        this.isConfiguring = false;
      });
  }

  private open(): VideoEncoder {
    this.keyAt = Number.NEGATIVE_INFINITY;
    return new VideoEncoder({
      output: (chunk, metadata) => this.give(chunk, metadata),
      error: (error) => this.fail(error),
    });
  }

  private give(chunk: EncodedVideoChunk, metadata: EncodedVideoChunkMetadata | undefined): void {
    if (this.isOver || !this.configured) return;
    const description = metadata?.decoderConfig?.description;
    if (description) this.events.onSetup(copyOf(description), this.configured.settings);
    const data = new Uint8Array(chunk.byteLength);
    chunk.copyTo(data);
    this.produced.count(data.length, chunk.timestamp / 1000);
    this.events.onFrame(data, chunk.type === "key", chunk.timestamp / 1000);
  }

  private fail(error: unknown): void {
    if (this.isOver) return;
    this.forget();
    if (++this.failures > MAX_FAILURES) this.giveUp(String(error));
  }

  private giveUp(detail: string): void {
    this.close();
    this.events.onFailed(detail);
  }

  private forget(): void {
    if (this.encoder && this.encoder.state !== "closed") this.encoder.close();
    this.encoder = null;
    this.configured = null;
    this.keyAt = Number.NEGATIVE_INFINITY;
  }
}

/** The best configuration that the browser can encode; null: none. */
async function supported(settings: VideoSettings, kbps: number, withoutHardware: boolean): Promise<VideoEncoderConfig | null> {
  const { width, height, fps } = settings;
  for (const codec of avcCodecs(settings)) {
    const config: VideoEncoderConfig = {
      codec,
      width,
      height,
      framerate: fps,
      bitrate: Math.round(kbps * 1000),
      bitrateMode: "variable",
      latencyMode: "realtime",
      avc: { format: "avc" },
      hardwareAcceleration: withoutHardware ? "prefer-software" : "no-preference",
    };
    const answer = await VideoEncoder.isConfigSupported(config).catch(() => null);
    if (answer?.supported) return config;
  }
  return null;
}

function isSameSize(a: VideoSettings, b: VideoSettings): boolean {
  return a.width === b.width && a.height === b.height;
}

function isSame(a: VideoSettings, b: VideoSettings): boolean {
  return isSameSize(a, b) && a.fps === b.fps;
}

function copyOf(data: AllowSharedBufferSource): Uint8Array {
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  return new Uint8Array(data).slice();
}
