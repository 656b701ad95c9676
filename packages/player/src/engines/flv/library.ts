/** Loads the code of FLV, on first use. */

export function loadFlv(): Promise<typeof import("./flv-playback.ts")> {
  return import("./flv-playback.ts");
}
