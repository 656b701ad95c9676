/** Loads the code of FLV, on first use. */

export type Library = typeof import("./flv-playback.ts");

export function loadFlv(): Promise<Library> {
  return import("./flv-playback.ts");
}
