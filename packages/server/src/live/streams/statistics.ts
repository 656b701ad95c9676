/** Measures a stream's uplink from its frames: rates as the ingest writes them, and how they arrive; says what limits it. */

import type { MediaProblem } from "../../contracts/monitoring/media-problem.ts";
import type { UplinkVerdict } from "../../contracts/monitoring/node-sample.ts";
import type { Clock } from "../../platform/clock.ts";
import { Arrivals } from "./arrivals.ts";
import { FrameSteps } from "./frame-steps.ts";
import type { SourceFault } from "./ingest/source.ts";
import { FINE, healthOf, judgeUplink, type UplinkFigures, type UplinkJudgement, verdictOf } from "./uplink-verdict.ts";

/** Rates are over this many whole seconds. */
const WINDOW_SECONDS = 5;
/** Dropped frames are judged over this many. */
const DROPPED_SECONDS = 10;
/** RFC 3550 section 6.4.1: the share of each new difference in the jitter. */
const JITTER_GAIN = 1 / 16;
/** A shorter hold of this process does not make a frame as late as it counts (`LATE_MS` of arrivals.ts), together with what was usual before. */
const HOLD_MS = 250;
/** After a hold, what has waited meanwhile at the publisher comes for as long. */
const AFTER_HOLD_MS = 3000;
/** Nothing has arrived for so long: silent. Slow pictures without sound, such as a shared screen, may come less often. */
const SILENT_MS = 2000;
const SILENT_STEPS = 2.5;
const MAX_SILENT_MS = 20_000;
/** How often pictures come is not known before the second one. */
const FIRST_WAIT_MS = 4000;

type Second = {
  at: number;
  videoFrames: number;
  videoBytes: number;
  audioBytes: number;
  dropped: number;
  gaps: number;
  /** The newest time of media, milliseconds of the epoch. */
  time: number;
};

export type StreamHealth = {
  /** Video frames a second, as they arrive. */
  readonly fps: number;
  /** By the publisher's clock, without the frames that it leaves out; null: not known, or the frame rate varies. */
  readonly encoderFps: number | null;
  readonly videoKbps: number;
  readonly audioKbps: number;
  /** Of both tracks by the publisher's clock: what the encoder makes. As much arrives while the line carries it. Null: not known. */
  readonly encoderKbps: number | null;
  /** Seconds between the newest two key frames; null before the second. */
  readonly gopSeconds: number | null;
  /** How unevenly frames arrive: mean deviation of arrival from media time, milliseconds. Reads of publishers are up to 100 ms apart. */
  readonly jitterMs: number;
  /** Frames of video that have come, and those that the publisher's clock has left out: an estimate. */
  readonly frames: number;
  readonly droppedFrames: number;
  /** Media time minus arrival time, milliseconds a minute; null: not known yet. */
  readonly driftMsPerMinute: number | null;
  /** Sound's time minus the picture's as they arrive, milliseconds; null: one of them is not there. */
  readonly avOffsetMs: number | null;
  readonly receivedBytes: number;
  readonly health: "good" | "fair" | "poor" | "silent";
  readonly verdict: UplinkVerdict;
  /** Why players cannot decode the picture, or the sound where the picture is well; null: nothing speaks against it. */
  readonly problem: MediaProblem | null;
  /** Messages that could not be read, and were left out. */
  readonly faults: number;
};

export class Statistics {
  private readonly clock: Clock;
  private readonly seconds: Second[] = [];
  private readonly begun: number;
  private readonly steps = new FrameSteps();
  /** Null where no publisher is. */
  private arrivals: Arrivals | null = null;
  private received = 0;
  private readonly problems: Record<"video" | "audio", MediaProblem | null> = { video: null, audio: null };
  /** What the publisher has sent that could not be read. */
  faults = 0;
  private frames = 0;
  private lastTime: number | null = null;
  private lastVideo = 0;
  private lastArrival = 0;
  private videoWaitMs = FIRST_WAIT_MS;
  private lastKey: number | null = null;
  private gopMs: number | null = null;
  private jitter = 0;
  private judgement: UplinkJudgement = FINE;
  private readonly onUndecodable: (track: "video" | "audio", problem: MediaProblem | null) => void;

  /** @param onUndecodable called when it has changed whether players can decode a track */
  constructor(clock: Clock, onUndecodable: (track: "video" | "audio", problem: MediaProblem | null) => void = () => {}) {
    this.clock = clock;
    this.onUndecodable = onUndecodable;
    this.begun = clock.monotonic();
  }

  /** Another publisher begins: the time since the last frame of the one before is no distance of two frames, and its line is another one. */
  beginTerm(): void {
    this.lastTime = null;
    this.lastKey = null;
    this.arrivals = null;
    this.judgement = FINE;
    for (const second of this.seconds) {
      second.dropped = 0;
      second.gaps = 0;
    }
  }

  /** A publisher has sent something that cannot be read, and that was left out. */
  fault(_fault: SourceFault): void {
    this.faults++;
  }

  /** Whether players can decode a track has changed. */
  undecodable(track: "video" | "audio", problem: MediaProblem | null): void {
    if (problem === this.problems[track]) return;
    this.problems[track] = problem;
    this.onUndecodable(track, problem);
  }

  /** A frame has come that cannot be written. */
  leftOut(): void {
    this.lastArrival = this.clock.monotonic();
  }

  /** A frame of a publisher has come. @param decodeTime milliseconds of the epoch */
  arrived(track: "video" | "audio", decodeTime: number): void {
    this.arrivals ??= new Arrivals();
    this.arrivals.take(track, decodeTime, this.clock.monotonic());
  }

  /** A frame is written. @param decodeTime milliseconds of the epoch */
  takeFrame(track: "video" | "audio", decodeTime: number, key: boolean, bytes: number): void {
    const now = this.clock.monotonic();
    const second = this.second(now);
    this.received += bytes;
    this.lastArrival = now;
    second.time = Math.max(second.time, decodeTime);
    if (track === "audio") {
      second.audioBytes += bytes;
      return;
    }
    second.videoBytes += bytes;
    second.videoFrames++;
    this.frames++;
    if (this.lastTime !== null) this.measure(second, decodeTime - this.lastTime, now - this.lastVideo);
    this.lastTime = decodeTime;
    this.lastVideo = now;
    if (key) {
      if (this.lastKey !== null) this.gopMs = decodeTime - this.lastKey;
      this.lastKey = decodeTime;
    }
  }

  look(): StreamHealth {
    const now = this.clock.monotonic();
    const span = Math.min(WINDOW_SECONDS, Math.max(1, Math.floor(now / 1000) - Math.floor(this.begun / 1000)));
    const sum = (of: (second: Second) => number) => this.sum(now, WINDOW_SECONDS, of);
    const audioBytes = sum((second) => second.audioBytes);
    const videoBytes = sum((second) => second.videoBytes);
    const figures = this.figures(now);
    const { video, audio } = this.problems;
    const isSilent = this.isSilent(now, audioBytes > 0);
    const undecodable = video ? "picture-undecodable" : audio ? "sound-undecodable" : null;
    const verdict = isSilent ? "silent" : (undecodable ?? verdictOf(this.judgement));
    const mediaMs = this.mediaMs(now);
    return {
      fps: Math.round((sum((second) => second.videoFrames) / span) * 10) / 10,
      encoderFps: rounded(this.steps.usualMs === 0 ? null : 1000 / this.steps.usualMs),
      videoKbps: Math.round((videoBytes * 8) / span / 1000),
      audioKbps: Math.round((audioBytes * 8) / span / 1000),
      encoderKbps: mediaMs > 0 ? Math.round(((videoBytes + audioBytes) * 8) / mediaMs) : null,
      gopSeconds: this.gopMs === null ? null : this.gopMs / 1000,
      jitterMs: Math.round(this.jitter * 10) / 10,
      frames: this.frames,
      droppedFrames: this.steps.dropped,
      driftMsPerMinute: rounded(figures.driftMsPerMinute),
      avOffsetMs: rounded(figures.avOffsetMs),
      receivedBytes: this.received,
      health: healthOf(verdict, figures),
      verdict,
      problem: video ?? audio,
      faults: this.faults,
    };
  }

  private isSilent(now: number, hasSound: boolean): boolean {
    const waited = now - this.lastArrival;
    const slowest = hasSound ? 0 : Math.min(MAX_SILENT_MS, this.videoWaitMs * SILENT_STEPS);
    // While this process is held, what comes waits.
    return waited - this.clock.longestHold(waited) > Math.max(SILENT_MS, slowest);
  }

  private measure(second: Second, step: number, arrival: number): void {
    this.jitter += (Math.abs(arrival - step) - this.jitter) * JITTER_GAIN;
    this.videoWaitMs = arrival;
    const { dropped, gaps } = this.steps;
    this.steps.take(step);
    second.dropped += this.steps.dropped - dropped;
    second.gaps += this.steps.gaps - gaps;
  }

  /** What is judged, from whole seconds. */
  private figures(now: number): UplinkFigures {
    const { arrivals } = this;
    const dropped = this.sum(now, DROPPED_SECONDS, (second) => second.dropped);
    const shown = this.sum(now, DROPPED_SECONDS, (second) => second.videoFrames);
    const sinceKey = this.lastKey === null || this.lastTime === null ? null : this.lastTime - this.lastKey;
    return {
      isHeld: this.clock.longestHold(AFTER_HOLD_MS) >= HOLD_MS,
      line: arrivals?.line(now) ?? { standingMs: null, growthMs: 0, bursts: 0, spreadMs: null },
      droppedShare: dropped === 0 ? 0 : dropped / (dropped + shown),
      gaps: this.sum(now, DROPPED_SECONDS, (second) => second.gaps),
      driftMsPerMinute: arrivals?.driftMsPerMinute(now) ?? null,
      avOffsetMs: arrivals?.avOffsetMs(now) ?? null,
      keySeconds: sinceKey === null ? null : Math.max(sinceKey, this.gopMs ?? 0) / 1000,
    };
  }

  /** A second is over. */
  private judge(now: number): void {
    if (!this.arrivals) return;
    if (this.clock.longestHold(AFTER_HOLD_MS) >= HOLD_MS) this.arrivals.forgetSecond(now);
    this.judgement = judgeUplink(this.judgement, this.figures(now));
  }

  /** Over the last whole seconds. */
  private sum(now: number, seconds: number, of: (second: Second) => number): number {
    const end = Math.floor(now / 1000);
    return this.seconds.reduce((total, second) => total + (second.at < end && second.at >= end - seconds ? of(second) : 0), 0);
  }

  /** How far the publisher's clock has come within the seconds of the rates. */
  private mediaMs(now: number): number {
    const end = Math.floor(now / 1000);
    const last = this.seconds.findLast(({ at }) => at < end);
    const first = this.seconds.find(({ at }) => at >= end - WINDOW_SECONDS - 1);
    // Before the first second nothing is known.
    return last && first && first.at === end - WINDOW_SECONDS - 1 ? last.time - first.time : 0;
  }

  private second(now: number): Second {
    const at = Math.floor(now / 1000);
    const newest = this.seconds.at(-1);
    if (newest?.at === at) return newest;
    if (newest) this.judge(now);
    const second = { at, videoFrames: 0, videoBytes: 0, audioBytes: 0, dropped: 0, gaps: 0, time: newest?.time ?? 0 };
    this.seconds.push(second);
    if (this.seconds.length > DROPPED_SECONDS + 1) this.seconds.shift();
    return second;
  }
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10) / 10;
}
