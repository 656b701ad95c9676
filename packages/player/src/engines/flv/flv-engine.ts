/** The FLV engine: receives live FLV, and changes between the rungs of a stream by its own measurement. */
import type { Engine } from "../engine.ts";
import { mediaSourceEngine } from "../media-source-engine.ts";
import { FlvPlayback } from "./flv-playback.ts";
import { loadFlv } from "./library.ts";

export function flvEngine(): Engine {
  return mediaSourceEngine(loadFlv, (library, options) => (library.isSupported() ? new FlvPlayback(library, options) : null));
}
