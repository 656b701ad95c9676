/**
 * Provides the HLS engine: the light build of hls.js, loaded on first use. Segments are muxed, so the features that the light build leaves out are
 * not needed. The engine starts no worker, which a strict Content-Security-Policy would block; fMP4 segments need no remuxing.
 */
import type { Engine } from "../engine.ts";
import { mediaSourceEngine } from "../media-source-engine.ts";
import { HlsPlayback } from "./hls-playback.ts";
import { loadHls } from "./library.ts";

export function hlsEngine(): Engine {
  return mediaSourceEngine(loadHls, (Hls, options) => (Hls.isSupported() ? new HlsPlayback(Hls, options) : null));
}
