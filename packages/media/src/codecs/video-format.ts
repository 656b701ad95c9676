/** What a decoder configuration tells about the picture. */
export type VideoFormat = {
  /** Pixels as shown, after cropping. */
  readonly width: number;
  readonly height: number;
  /** Frames per second, where the stream says it. */
  readonly frameRate: number | null;
  /** The profile in words, such as "High". */
  readonly profile: string;
  /** The codec as browsers and HLS name it: RFC 6381. */
  readonly codecString: string;
};
