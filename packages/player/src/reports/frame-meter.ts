/** Counts decoded and dropped frames and received bytes of a video element, whose own counts begin at 0 with each load. */

export type FrameCount = { readonly decoded: number; readonly dropped: number; readonly bytes: number };

export class FrameMeter {
  private before: FrameCount;
  private decoded = 0;
  private dropped = 0;
  private bytes = 0;

  constructor(video: HTMLVideoElement) {
    this.before = countsOf(video);
  }

  look(video: HTMLVideoElement): void {
    const now = countsOf(video);
    // After a load the element begins at 0.
    const since = (value: number, earlier: number): number => (value >= earlier ? value - earlier : value);
    this.decoded += since(now.decoded, this.before.decoded);
    this.dropped += since(now.dropped, this.before.dropped);
    this.bytes += since(now.bytes, this.before.bytes);
    this.before = now;
  }

  /** What has been counted since the last call. */
  take(video: HTMLVideoElement): FrameCount {
    this.look(video);
    const { decoded, dropped, bytes } = this;
    this.decoded = 0;
    this.dropped = 0;
    this.bytes = 0;
    return { decoded, dropped, bytes };
  }
}

function countsOf(video: HTMLVideoElement): FrameCount {
  const { totalVideoFrames = 0, droppedVideoFrames = 0 } = video.getVideoPlaybackQuality?.() ?? {};
  // Chromium and Safari have these; elsewhere bytes are not known.
  const read = (name: string): number => {
    const value: unknown = Reflect.get(video, name);
    return typeof value === "number" ? value : 0;
  };
  const bytes = read("webkitVideoDecodedByteCount") + read("webkitAudioDecodedByteCount");
  return { decoded: totalVideoFrames - droppedVideoFrames, dropped: droppedVideoFrames, bytes };
}
