/** Loads mpegts.js on first use. */

export type Library = typeof import("mpegts.js").default;

let library: Promise<Library> | null = null;

/** Loads mpegts.js once. Pages that will need it call this early. */
export function preloadFlv(): Promise<Library> {
  library ??= import("mpegts.js").then((module) => {
    module.default.LoggingControl.enableAll = false;
    return module.default;
  });
  return library;
}
