/**
 * Computes audio timestamps in samples.
 *
 * Publishers round audio times to milliseconds, which is coarser than a sample; counting frames gives the exact time. When the
 * count and the milliseconds differ by more than rounding and jitter explain, audio is missing and the milliseconds are right.
 * The packager uses the same clock, so it computes the same times from the same entries.
 */
import { AUDIO_CODEC, type AudioFormat, type FourCc, Malformed, opusPacketSamples } from "@lectern/media";

/** Two AAC frames at 44.1 kHz: more than any rounding, less than the ear forgives in lip sync. */
const MAX_DRIFT_MS = 50;
const DEFAULT_FRAME_SAMPLES = 1024;

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
    const drift = this.next === null ? 0 : Math.abs(byTime - this.next);
    const at = this.next === null || (drift * 1000) / sampleRate > MAX_DRIFT_MS ? byTime : this.next;
    this.next = at + samples;
    return at;
  }
}

/** Samples that one frame decodes to. */
export function frameSamples(codec: FourCc, format: AudioFormat | null, payload: Uint8Array): number {
  if (codec === AUDIO_CODEC.opus) {
    const samples = opusPacketSamples(payload);
    return samples instanceof Malformed ? DEFAULT_FRAME_SAMPLES : samples;
  }
  return format?.frameSamples ?? DEFAULT_FRAME_SAMPLES;
}
