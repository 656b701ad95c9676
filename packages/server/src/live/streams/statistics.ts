/** Measures a stream's health (frame rate, bit rate, jitter, dropped frames) from its frames as the ingest writes them. */
import type { Clock } from "../../platform/clock.ts";

/** Rates are over this many whole seconds. */
const WINDOW_SECONDS = 5;
/** Two frames that are further apart than this many usual distances: frames between them were dropped. */
const DROP_FACTOR = 1.75;
/** Frames after which the usual distance is known. */
const SETTLED_FRAMES = 15;
/** RFC 3550 section 6.4.1: the share of each new difference in the jitter. */
const JITTER_GAIN = 1 / 16;

type Second = { at: number; videoFrames: number; videoBytes: number; audioBytes: number };

export type StreamHealth = {
  /** Video frames a second, as they arrive. */
  readonly fps: number;
  readonly videoKbps: number;
  readonly audioKbps: number;
  /** Seconds between the newest two key frames; null before the second. */
  readonly gopSeconds: number | null;
  /** How unevenly frames arrive: mean deviation of arrival from media time, milliseconds. */
  readonly jitterMs: number;
  /** Frames that the publisher's clock has left out: an estimate. */
  readonly droppedFrames: number;
  readonly receivedBytes: number;
  readonly health: "good" | "fair" | "poor" | "silent";
};

export class Statistics {
  private readonly clock: Clock;
  private readonly seconds: Second[] = [];
  private readonly begun: number;
  private received = 0;
  private frames = 0;
  private usualMs = 0;
  private lastTime: number | null = null;
  private lastArrival = 0;
  private lastKey: number | null = null;
  private gopMs: number | null = null;
  private jitter = 0;
  private dropped = 0;

  constructor(clock: Clock) {
    this.clock = clock;
    this.begun = clock.monotonic();
  }

  /** Another publisher begins: the time since the last frame of the one before is no distance of two frames. */
  beginTerm(): void {
    this.lastTime = null;
  }

  /** @param decodeTime milliseconds of the epoch */
  takeFrame(track: "video" | "audio", decodeTime: number, key: boolean, bytes: number): void {
    const now = this.clock.monotonic();
    const second = this.second(now);
    this.received += bytes;
    if (track === "audio") {
      second.audioBytes += bytes;
      return;
    }
    second.videoBytes += bytes;
    second.videoFrames++;
    if (this.lastTime !== null) this.measure(decodeTime - this.lastTime, now - this.lastArrival);
    this.lastTime = decodeTime;
    this.lastArrival = now;
    if (key) {
      if (this.lastKey !== null) this.gopMs = decodeTime - this.lastKey;
      this.lastKey = decodeTime;
    }
  }

  look(): StreamHealth {
    const now = this.clock.monotonic();
    const whole = this.seconds.filter(
      (second) => second.at < Math.floor(now / 1000) && second.at >= Math.floor(now / 1000) - WINDOW_SECONDS,
    );
    const span = Math.min(WINDOW_SECONDS, Math.max(1, Math.floor(now / 1000) - Math.floor(this.begun / 1000)));
    const sum = (of: (second: Second) => number) => whole.reduce((total, second) => total + of(second), 0);
    const fps = sum((second) => second.videoFrames) / span;
    const silent = now - this.lastArrival > 2000 && sum((second) => second.audioBytes) === 0;
    return {
      fps: Math.round(fps * 10) / 10,
      videoKbps: Math.round((sum((second) => second.videoBytes) * 8) / span / 1000),
      audioKbps: Math.round((sum((second) => second.audioBytes) * 8) / span / 1000),
      gopSeconds: this.gopMs === null ? null : this.gopMs / 1000,
      jitterMs: Math.round(this.jitter * 10) / 10,
      droppedFrames: this.dropped,
      receivedBytes: this.received,
      health: silent ? "silent" : this.judge(fps),
    };
  }

  private judge(fps: number): "good" | "fair" | "poor" {
    const usual = this.usualMs > 0 ? 1000 / this.usualMs : 0;
    const share = usual > 0 && this.frames > SETTLED_FRAMES * 4 ? fps / usual : 1;
    if (share < 0.8 || this.jitter > 200) return "poor";
    return share < 0.95 || this.jitter > 60 ? "fair" : "good";
  }

  private measure(step: number, arrival: number): void {
    this.frames++;
    this.jitter += (Math.abs(arrival - step) - this.jitter) * JITTER_GAIN;
    if (step <= 0) return;
    if (this.frames > SETTLED_FRAMES && step > this.usualMs * DROP_FACTOR) {
      this.dropped += Math.round(step / this.usualMs) - 1;
      // A publisher that has changed its rate for good is believed after a while.
      this.usualMs += (step - this.usualMs) / 64;
      return;
    }
    this.usualMs = this.usualMs === 0 ? step : this.usualMs + (step - this.usualMs) / 16;
  }

  private second(now: number): Second {
    const at = Math.floor(now / 1000);
    const newest = this.seconds.at(-1);
    if (newest?.at === at) return newest;
    const second = { at, videoFrames: 0, videoBytes: 0, audioBytes: 0 };
    this.seconds.push(second);
    if (this.seconds.length > WINDOW_SECONDS + 1) this.seconds.shift();
    return second;
  }
}
