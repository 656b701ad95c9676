/** The FLV engine: mpegts.js remuxes live FLV for Media Source Extensions. The library loads on first use. */
import type { Engine, EngineEvents } from "./engine.ts";
import { type Problem, problemFromStatus } from "./problem.ts";

type Library = typeof import("mpegts.js").default;
type Player = ReturnType<Library["createPlayer"]>;

let library: Promise<Library> | null = null;

/** Loads mpegts.js once. Pages that will need it call this early. */
export function preloadFlv(): Promise<Library> {
  library ??= import("mpegts.js").then((module) => {
    module.default.LoggingControl.enableAll = false;
    return module.default;
  });
  return library;
}

/** Seconds of played media that stay in the buffer: the cleanup starts above `max` and keeps `min`. */
const BACK_BUFFER = { max: 30, min: 15 };

export function flvEngine(): Engine {
  let player: Player | null = null;
  let closed = false;

  const start = async (video: HTMLVideoElement, url: string, events: EngineEvents): Promise<void> => {
    const mpegts = await preloadFlv();
    if (closed) return;
    if (!mpegts.getFeatureList().mseLivePlayback) {
      events.onProblem("browser", "no Media Source Extensions");
      return;
    }
    player = mpegts.createPlayer(
      { type: "flv", isLive: true, url, cors: true },
      {
        // The server has batched already; chunks go to the decoder as they arrive.
        enableStashBuffer: false,
        lazyLoad: false,
        // The player keeps to the live edge itself, for all engines alike.
        liveBufferLatencyChasing: false,
        autoCleanupSourceBuffer: true,
        autoCleanupMaxBackwardDuration: BACK_BUFFER.max,
        autoCleanupMinBackwardDuration: BACK_BUFFER.min,
      },
    );
    player.on(mpegts.Events.ERROR, (type: string, detail: string, info: { code?: number; msg?: string }) => {
      const message = `${detail} ${info?.msg ?? ""}`.trim();
      void classify(mpegts, url, type, message, info?.code ?? 0).then((problem) => {
        if (!closed) events.onProblem(problem, message);
      });
    });
    player.on(mpegts.Events.LOADING_COMPLETE, () => {
      if (!closed) events.onEnd();
    });
    player.attachMediaElement(video);
    player.load();
  };

  return {
    keepsPace: false,
    start: (video, url, events) => {
      start(video, url, events).catch((error: unknown) => {
        if (!closed) events.onProblem("network", String(error));
      });
    },
    // An FLV address has one rung.
    choose: () => {},
    close: () => {
      closed = true;
      player?.destroy();
      player = null;
    },
  };
}

async function classify(mpegts: Library, url: string, type: string, message: string, code: number): Promise<Problem> {
  if (type === mpegts.ErrorTypes.MEDIA_ERROR) return /support|codec|mime/i.test(message) ? "codec" : "network";
  if (code >= 400) return problemFromStatus(code);
  // A browser hides why a WebSocket was refused; a HEAD request to the same address shows the status.
  if (!url.startsWith("ws")) return "network";
  const answer = await fetch(url.replace(/^ws/, "http"), { method: "HEAD" }).catch(() => null);
  return answer && !answer.ok ? problemFromStatus(answer.status) : "network";
}
