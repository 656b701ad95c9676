/** The FLV engine: mpegts.js turns live FLV into fragments for Media Source Extensions. It is loaded when it is first needed. */
import type { Engine, EngineEvents } from "./engine.ts";
import { type Problem, problemFromStatus } from "./problem.ts";

type Library = typeof import("mpegts.js").default;
type Player = ReturnType<Library["createPlayer"]>;

let library: Promise<Library> | null = null;

/** Loads the library. Called early by pages that know they will need it. */
export function preloadFlv(): Promise<Library> {
  library ??= import("mpegts.js").then((module) => {
    module.default.LoggingControl.enableAll = false;
    return module.default;
  });
  return library;
}

/** Old media is taken out of the browser's buffer beyond this, seconds. */
const KEEP_BEHIND = { max: 30, min: 15 };

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
        // Each chunk goes to the decoder when it comes; the server has batched already.
        enableStashBuffer: false,
        lazyLoad: false,
        // Staying near the live edge is the player's business, for all engines alike.
        liveBufferLatencyChasing: false,
        autoCleanupSourceBuffer: true,
        autoCleanupMaxBackwardDuration: KEEP_BEHIND.max,
        autoCleanupMinBackwardDuration: KEEP_BEHIND.min,
      },
    );
    player.on(mpegts.Events.ERROR, (type: string, detail: string, info: { code?: number; msg?: string }) => {
      const said = `${detail} ${info?.msg ?? ""}`.trim();
      void classify(mpegts, url, type, said, info?.code ?? 0).then((problem) => {
        if (!closed) events.onProblem(problem, said);
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
    // An address of FLV is one rung.
    choose: () => {},
    close: () => {
      closed = true;
      player?.destroy();
      player = null;
    },
  };
}

async function classify(mpegts: Library, url: string, type: string, said: string, code: number): Promise<Problem> {
  if (type === mpegts.ErrorTypes.MEDIA_ERROR) return /support|codec|mime/i.test(said) ? "codec" : "network";
  if (code >= 400) return problemFromStatus(code);
  // A WebSocket does not tell why it was refused; the same address over HTTP does.
  if (!url.startsWith("ws")) return "network";
  const answer = await fetch(url.replace(/^ws/, "http"), { method: "HEAD" }).catch(() => null);
  return answer && !answer.ok ? problemFromStatus(answer.status) : "network";
}
