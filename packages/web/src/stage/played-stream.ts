/** Provides the picture and sound that a video element plays, as a stream, whichever way they came. */

type Capturing = HTMLVideoElement & {
  readonly captureStream?: () => MediaStream;
  /** Firefox. */
  readonly mozCaptureStream?: () => MediaStream;
};

/** Each capture costs the browser something until its element is gone. */
const captured = new WeakMap<HTMLVideoElement, MediaStream>();

/** Null: the browser cannot tell. */
export function playedStream(video: Capturing): MediaStream | null {
  if (video.srcObject instanceof MediaStream) return video.srcObject;
  const before = captured.get(video);
  const isGoingOn = before?.getTracks().every(({ readyState }) => readyState === "live") && before.getTracks().length > 0;
  if (before && isGoingOn) return before;
  try {
    const stream = video.captureStream?.() ?? video.mozCaptureStream?.() ?? null;
    if (stream) captured.set(video, stream);
    return stream;
  } catch {
    return null;
  }
}
