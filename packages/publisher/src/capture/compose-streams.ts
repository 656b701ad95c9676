/** Shows a camera in a corner of a screen, as one picture. */

export type Corner = "top-left" | "top-right" | "bottom-left" | "bottom-right";

export type ComposedStreams = {
  /** One video track: the screen with the camera in its corner. No sound: see `mixAudio`. */
  readonly stream: MediaStream;
  /** Moves the camera. Null hides it. */
  setCorner(corner: Corner | null): void;
  /** Shows another camera or screen; null: none, and the other one alone fills the picture. */
  replace(kind: "camera" | "screen", stream: MediaStream | null): void;
  /** Ends the picture. Does not stop the tracks that were given. */
  close(): void;
};

/** @param corner of the camera; default `bottom-right` @param width of the picture in pixels, at most; default 1920 */
export function composeStreams(_options: {
  readonly camera: MediaStream | null;
  readonly screen: MediaStream | null;
  readonly corner?: Corner | null;
  readonly width?: number;
  /** Pictures per second; default 30. */
  readonly fps?: number;
}): ComposedStreams {
  throw new Error("not built yet");
}
