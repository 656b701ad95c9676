/** Provides the FLV engine: receives live FLV, and changes between the rungs of a stream by its own measurement. */
import type { Engine } from "../engine.ts";
import { mediaSourceEngine } from "../media-source-engine.ts";
import { isSupported } from "./attached-source.ts";
import { loadFlv } from "./library.ts";

export function flvEngine(): Engine {
  return mediaSourceEngine(loadFlv, ({ FlvPlayback }, options) => (isSupported() ? new FlvPlayback(options) : null));
}
