/**
 * The HLS engine: the light build of hls.js, loaded on first use. Segments are muxed, so the features that the light build leaves out are
 * not needed. The engine starts no worker, which a strict Content-Security-Policy would block; fMP4 segments need no remuxing.
 */
import type { ErrorData, Level } from "hls.js";
import type { Engine, EngineEvents, RungChoice } from "./engine.ts";
import { repairPartTracking } from "./hls-parts.ts";
import { type Problem, problemFromStatus } from "./problem.ts";

export type HlsLibrary = typeof import("hls.js/light").default;
type Player = InstanceType<HlsLibrary>;

let library: Promise<HlsLibrary> | null = null;

/** Loads hls.js once. */
export function loadHls(): Promise<HlsLibrary> {
  library ??= import("hls.js/light").then((module) => module.default);
  return library;
}

/** The server answers a blocking playlist request within three target durations of at most ten seconds. */
const PLAYLIST_WAIT_MS = 35_000;
/** While the publisher is disconnected, the server refuses the playlist; the server decides when the stream has ended. */
const PLAYLIST_RETRIES = 60;
/** A second media error within this is not recovered. */
const RECOVERY_INTERVAL_MS = 10_000;

/** The data saver's name in addresses. */
const SAVER = /@saver\//;

const CONFIGURATION = {
  enableWorker: false,
  lowLatencyMode: true,
  // The player keeps to the live edge itself, for all engines alike.
  maxLiveSyncPlaybackRate: 1,
  backBufferLength: 30,
  // A second of buffer leaves no time for the usual caution: the estimate follows the newest parts, both down and up.
  abrEwmaFastLive: 2,
  abrEwmaSlowLive: 6,
  abrBandWidthUpFactor: 0.85,
  manifestLoadPolicy: {
    default: { maxTimeToFirstByteMs: 20_000, maxLoadTimeMs: 20_000, timeoutRetry: null, errorRetry: null },
  },
  playlistLoadPolicy: {
    default: {
      maxTimeToFirstByteMs: PLAYLIST_WAIT_MS,
      maxLoadTimeMs: PLAYLIST_WAIT_MS,
      timeoutRetry: { maxNumRetry: 2, retryDelayMs: 0, maxRetryDelayMs: 0 },
      errorRetry: { maxNumRetry: PLAYLIST_RETRIES, retryDelayMs: 500, maxRetryDelayMs: 1000 },
    },
  },
};

export function hlsEngine(): Engine {
  let player: Player | null = null;
  let removeListeners: (() => void) | null = null;
  let closed = false;
  let recoveredAt = Number.NEGATIVE_INFINITY;

  const start = async (video: HTMLVideoElement, url: string, events: EngineEvents): Promise<void> => {
    const Hls = await loadHls();
    if (closed) return;
    if (!Hls.isSupported()) {
      events.onProblem("browser", "no Media Source Extensions");
      return;
    }
    const hls = new Hls(CONFIGURATION);
    player = hls;
    repairPartTracking(Hls, hls, video);
    hls.on(Hls.Events.ERROR, (_event, data) => {
      if (closed || !data.fatal) return;
      const now = performance.now();
      if (data.type === Hls.ErrorTypes.MEDIA_ERROR && !isCodec(Hls, data) && now - recoveredAt > RECOVERY_INTERVAL_MS) {
        recoveredAt = now;
        hls.recoverMediaError();
        return;
      }
      events.onProblem(classify(Hls, data), `${data.details} ${data.error.message}`.trim());
    });
    const reportQuality = (): void => {
      if (hls.levels.length < 2) return;
      events.onQuality({ rungs: rungsOf(hls.levels), chosen: hls.autoLevelEnabled ? null : hls.manualLevel });
    };
    hls.on(Hls.Events.MANIFEST_PARSED, reportQuality);
    hls.on(Hls.Events.LEVEL_SWITCHED, reportQuality);
    const ended = (): void => {
      if (!closed) events.onEnd();
    };
    video.addEventListener("ended", ended);
    removeListeners = () => video.removeEventListener("ended", ended);
    hls.loadSource(url);
    hls.attachMedia(video);
  };

  return {
    keepsPace: false,
    start: (video, url, events) => {
      start(video, url, events).catch((error: unknown) => {
        if (!closed) events.onProblem("network", String(error));
      });
    },
    choose: (rung) => {
      if (player) player.nextLevel = rung ?? -1;
    },
    close: () => {
      closed = true;
      removeListeners?.();
      player?.destroy();
      player = null;
    },
  };
}

/** @param levels as hls.js has them, by their bits */
function rungsOf(levels: readonly Pick<Level, "bitrate" | "height" | "width" | "url">[]): RungChoice[] {
  const largest = Math.max(...levels.map(({ bitrate }) => bitrate));
  const rungs = levels.map(({ bitrate, height, width, url }, index): RungChoice => {
    const name = height ? `${Math.min(height, width || height)}p` : `${Math.round(bitrate / 1000)} kbps`;
    const isSaver = SAVER.test(url[0] ?? "");
    return { index, name, saves: isSaver ? 1 - bitrate / largest : null };
  });
  return rungs.sort((a, b) => (levels[b.index]?.bitrate ?? 0) - (levels[a.index]?.bitrate ?? 0));
}

function isCodec(Hls: HlsLibrary, { details }: ErrorData): boolean {
  return details === Hls.ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR || details === Hls.ErrorDetails.BUFFER_ADD_CODEC_ERROR;
}

function classify(Hls: HlsLibrary, data: ErrorData): Problem {
  if (isCodec(Hls, data)) return "codec";
  if (data.type === Hls.ErrorTypes.MEDIA_ERROR) return "network";
  // Only the multivariant playlist carries the viewer's signed link. Media playlists belong to a session; when it is over (the teacher
  // has restarted the stream), the player has to load the multivariant playlist again.
  const isFirst = data.details === Hls.ErrorDetails.MANIFEST_LOAD_ERROR;
  const status = data.response?.code ?? 0;
  return isFirst && status >= 400 ? problemFromStatus(status) : "network";
}
