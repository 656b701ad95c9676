/** Shows a stream of this browser, such as its own camera, in a video element. */
import { type RefObject, useEffect, useRef } from "react";

/** @returns for the element's `ref` */
export function useStreamVideo(stream: MediaStream | null): RefObject<HTMLVideoElement | null> {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element || element.srcObject === stream) return;
    element.srcObject = stream;
    // A stream that is replaced before it plays takes the promise with it.
    if (stream) void element.play().catch(() => {});
  }, [stream]);
  return video;
}
