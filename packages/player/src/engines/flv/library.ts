/** Loads what FLV needs beside the player, on first use. */

export type Library = typeof import("./feed.ts");

let library: Promise<Library> | null = null;

/** Loads it once. */
export function loadFlv(): Promise<Library> {
  library ??= import("./feed.ts");
  return library;
}
