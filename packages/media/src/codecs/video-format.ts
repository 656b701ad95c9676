/** Implements the video format that a decoder configuration describes. */
export type VideoFormat = {
  /** Pixels as shown, after cropping. */
  readonly width: number;
  readonly height: number;
  /** Frames per second, where the stream has it. */
  readonly frameRate: number | null;
  /** The profile in words, such as "High". */
  readonly profile: string;
  /** The codec as browsers and HLS name it: RFC 6381. */
  readonly codecString: string;
};
