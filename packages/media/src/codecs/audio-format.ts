/** Implements the audio format that a decoder configuration describes. */
export type AudioFormat = {
  /** Hertz. */
  readonly sampleRate: number;
  readonly channels: number;
  /** Samples of one frame, where all frames have the same; null where each frame has its own. */
  readonly frameSamples: number | null;
  /** The profile in words, such as "LC". */
  readonly profile: string;
  /** The codec as browsers and HLS name it: RFC 6381. */
  readonly codecString: string;
};
