/** Loads the light build of hls.js on first use. */

export type HlsLibrary = typeof import("hls.js/light").default;

let library: Promise<HlsLibrary> | null = null;

/** Loads hls.js once. */
export function loadHls(): Promise<HlsLibrary> {
  library ??= import("hls.js/light").then((module) => module.default);
  return library;
}

/** Whether the library plays here; else the browser plays HLS by itself. */
export function hasMediaSource(): boolean {
  return "MediaSource" in window || "ManagedMediaSource" in window;
}
