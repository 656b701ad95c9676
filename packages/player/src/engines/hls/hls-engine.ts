/**
 * The HLS engine: the light build of hls.js, loaded on first use. Segments are muxed, so the features that the light build leaves out are
 * not needed. The engine starts no worker, which a strict Content-Security-Policy would block; fMP4 segments need no remuxing.
 */
import type { Engine, EngineStart } from "../engine.ts";
import { HlsPlayback } from "./hls-playback.ts";
import { loadHls } from "./library.ts";

export function hlsEngine(): Engine {
  let playback: HlsPlayback | null = null;
  let closed = false;
  let chosen: string | null = null;

  const start = async (options: EngineStart): Promise<void> => {
    const Hls = await loadHls();
    if (closed) return;
    if (!Hls.isSupported()) {
      options.events.onProblem("browser", "no Media Source Extensions");
      return;
    }
    playback = new HlsPlayback(Hls, { ...options, chosen });
    await playback.open();
  };

  return {
    keepsPace: false,
    start: (options) => {
      chosen = options.chosen;
      start(options).catch((error: unknown) => {
        if (!closed) options.events.onProblem("network", String(error));
      });
    },
    choose: (label) => {
      chosen = label;
      playback?.choose(label);
    },
    receivedAt: () => null,
    close: () => {
      closed = true;
      playback?.close();
      playback = null;
    },
  };
}
