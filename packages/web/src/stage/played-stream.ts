/** The picture and sound that a video element plays, as a stream, whichever way they came. */

type Capturing = HTMLVideoElement & {
  readonly captureStream?: () => MediaStream;
  /** Firefox. */
  readonly mozCaptureStream?: () => MediaStream;
};

/** Null: the browser cannot tell. */
export function playedStream(video: Capturing): MediaStream | null {
  if (video.srcObject instanceof MediaStream) return video.srcObject;
  try {
    return video.captureStream?.() ?? video.mozCaptureStream?.() ?? null;
  } catch {
    return null;
  }
}
