/** The FLV engine: receives live FLV, and changes between the rungs of a stream by its own measurement. */
import type { Engine, EngineStart } from "../engine.ts";
import { preloadFlv } from "./feed.ts";
import { FlvPlayback } from "./flv-playback.ts";

export function flvEngine(): Engine {
  let playback: FlvPlayback | null = null;
  let closed = false;
  let chosen: string | null = null;

  const start = async (options: EngineStart): Promise<void> => {
    const mpegts = await preloadFlv();
    if (closed) return;
    if (!mpegts.getFeatureList().mseLivePlayback) {
      options.events.onProblem("browser", "no Media Source Extensions");
      return;
    }
    playback = new FlvPlayback(mpegts, { ...options, chosen });
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
    receivedAt: () => playback?.receivedAt ?? null,
    close: () => {
      closed = true;
      playback?.close();
      playback = null;
    },
  };
}
