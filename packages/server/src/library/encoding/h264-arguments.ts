/** Writes the arguments by which ffmpeg encodes the picture of files that are made behind the lessons: without B-frames, with key frames at even distances. */

type Encoding = {
  readonly fps: number;
  readonly keyFrameSeconds: number;
  /** Constant rate factor of x264: the quality where the rate is enough for it. */
  readonly crf: number;
  /** At most, kbit/s. */
  readonly kbps: number;
  /** Default: as the machine has cores. */
  readonly threads?: number;
};

export function h264Arguments({ fps, keyFrameSeconds, crf, kbps, threads }: Encoding): string[] {
  const group = String(keyFrameSeconds * fps);
  return [
    ...["-r", String(fps), "-c:v", "libx264", "-preset", "veryfast"],
    ...(threads === undefined ? [] : ["-threads", String(threads)]),
    ...["-bf", "0", "-g", group, "-keyint_min", group, "-sc_threshold", "0", "-crf", String(crf)],
    ...["-maxrate", `${kbps}k`, "-bufsize", `${2 * kbps}k`],
  ];
}
