/** Defines what a watch of a stream measures, whatever its protocol. */

import { PlaybackModel } from "./playback-model.ts";
import type { StallCompensatedClock } from "./stall-compensated-clock.ts";
import { VideoCheck } from "./video-check.ts";

export type Stop = {
  readonly code: "http-error" | "no-media" | "ended" | "unreachable";
  readonly detail: string;
};

export class Watch {
  readonly clock: StallCompensatedClock;
  readonly playback = new PlaybackModel();
  /** Aborted when the time is over. */
  readonly signal: AbortSignal;
  firstFrameMs: number | null = null;
  /** How long the probe was held before the first picture. */
  startLateMs = 0;
  /** Of HLS, behind real time. */
  behindMs: number | null = null;
  bytes = 0;
  hasVideo = false;
  /** ffmpeg before version 6.1 does not read other codecs than H.264 in FLV. */
  decodable = true;
  private readonly from: number;
  private readonly lateBefore: number;
  private check: VideoCheck | null = null;

  constructor(clock: StallCompensatedClock, signal: AbortSignal) {
    this.clock = clock;
    this.signal = signal;
    this.from = clock.now();
    this.lateBefore = clock.lateMs;
  }

  /** The first picture can be shown; without pictures, the first sound can be heard. */
  begun(): void {
    if (this.firstFrameMs !== null) return;
    this.firstFrameMs = Math.round(this.clock.now() - this.from);
    this.startLateMs = this.clock.lateMs - this.lateBefore;
  }

  /** Hands bytes to the decoder, which starts with the first of them. */
  decode(bytes: Uint8Array): void {
    this.check ??= new VideoCheck(this.hasVideo);
    this.check.push(bytes);
  }

  /** Gives the decoder away, which is to be finished. */
  takeCheck(): VideoCheck | null {
    const { check } = this;
    this.check = null;
    if (this.decodable) return check;
    check?.close();
    return null;
  }
}
