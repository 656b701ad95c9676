/**
 * Computes audio timestamps in samples.
 *
 * Publishers round audio times to milliseconds, which is coarser than a sample; counting frames gives the exact time. When the
 * count and the milliseconds differ by more than rounding and jitter explain, audio is missing and the milliseconds are right. A smaller difference
 * that stays is a publisher's clock that drifts, or one that was not known well in its first second (RTP, until the first sender report): the count
 * follows by a few samples in each frame, so that sound and picture come together without a step.
 * The ingest, the packager and the player use the same clock, so they compute the same times from the same frames.
 */
import { Malformed } from "../bytes/malformed.ts";
import type { AudioFormat } from "./audio-format.ts";
import { AUDIO_CODEC, type FourCc } from "./four-cc.ts";
import { opusPacketSamples } from "./opus.ts";

/**
 * How far the times of publishers are off, milliseconds. `rounded`: rounding and jitter stay below this. `unsteady`: two AAC frames at 44.1 kHz, more than
 * any rounding, and less than the ear forgives in lip sync.
 */
export const TIME_ERROR_MS = { rounded: 10, unsteady: 50 } as const;
/** The share of its length by which one frame may be moved: 40 ms are gone within 20 s. */
const MOVE_SHARE = 1 / 512;
const DEFAULT_FRAME_SAMPLES = 1024;

/** The clock of one track of sound, from frame to frame. */
export class SampleClock {
  private next: number | null;

  /** @param next where to continue, in samples; null to begin at the first frame's time */
  constructor(next: number | null = null) {
    this.next = next;
  }

  /** Where the next frame is expected, in samples; null before the first. */
  get position(): number | null {
    return this.next;
  }

  /** The exact time of a frame in samples. */
  place(decodeTime: number, sampleRate: number, samples: number): number {
    const byTime = Math.round((decodeTime * sampleRate) / 1000);
    const at = this.next === null ? byTime : this.next + correction(byTime - this.next, sampleRate, samples);
    this.next = at + samples;
    return at;
  }
}

/** By how much a frame is moved towards its time. @param apart samples from the count to the time */
function correction(apart: number, sampleRate: number, samples: number): number {
  const ms = (Math.abs(apart) * 1000) / sampleRate;
  if (ms > TIME_ERROR_MS.unsteady) return apart;
  return ms > TIME_ERROR_MS.rounded ? Math.sign(apart) * Math.max(1, Math.round(samples * MOVE_SHARE)) : 0;
}

/** Samples that one frame decodes to. */
export function frameSamples(codec: FourCc, format: AudioFormat | null, payload: Uint8Array): number {
  if (codec === AUDIO_CODEC.opus) {
    const samples = opusPacketSamples(payload);
    return samples instanceof Malformed ? DEFAULT_FRAME_SAMPLES : samples;
  }
  return format?.frameSamples ?? DEFAULT_FRAME_SAMPLES;
}
