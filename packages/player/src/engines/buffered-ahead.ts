/** Measures how much of a stream a video element has in hand. */

/** Seconds of contiguous media after the current time; 0 when there are none. */
export function bufferedAhead(video: Pick<HTMLVideoElement, "buffered" | "currentTime">): number {
  const { buffered, currentTime } = video;
  for (let i = buffered.length - 1; i >= 0; i--) {
    // The first frame may start a little after the time that was sought.
    if (buffered.start(i) <= currentTime + 0.3) return Math.max(0, buffered.end(i) - currentTime);
  }
  return 0;
}

/** Whether the element has nothing to go on with after what it shows. */
export function lacksMedia({ readyState }: Pick<HTMLVideoElement, "readyState">): boolean {
  // HAVE_FUTURE_DATA of HTML, "Ready states".
  return readyState < 3;
}

/** Whether the element is paused because nothing has come yet that it could show, and not because a person paused it. */
export function waitsForMedia(video: Pick<HTMLVideoElement, "paused" | "readyState">): boolean {
  return video.paused && lacksMedia(video);
}
