/**
 * The HLS engine: hls.js, in its light build (sound and picture are in one file, so what it leaves out is not missed), loaded when it is
 * first needed. It makes no worker, which a strict content security policy would refuse; fragments need no conversion.
 */
import type { ErrorData } from "hls.js";
import type { Engine, EngineEvents } from "./engine.ts";
import { repairPartTracking } from "./hls-parts.ts";
import { type Problem, problemFromStatus } from "./problem.ts";

export type Library = typeof import("hls.js/light").default;
type Player = InstanceType<Library>;

let library: Promise<Library> | null = null;

/** hls.js, once. */
export function loadLibrary(): Promise<Library> {
  library ??= import("hls.js/light").then((module) => module.default);
  return library;
}

/** A held playlist is answered within three target durations, of ten seconds at the most. */
const PLAYLIST_WAIT_MS = 35_000;
/** While the publisher is away, the server says so again and again; it decides when that is over. */
const AWAY_RETRIES = 60;
/** A decoder that stumbles twice within this is not helped by starting it again. */
const RECOVERY_MS = 10_000;

const CONFIGURATION = {
  enableWorker: false,
  lowLatencyMode: true,
  // Staying near the live edge is the player's business, for all engines alike.
  maxLiveSyncPlaybackRate: 1,
  backBufferLength: 30,
  manifestLoadPolicy: {
    default: { maxTimeToFirstByteMs: 20_000, maxLoadTimeMs: 20_000, timeoutRetry: null, errorRetry: null },
  },
  playlistLoadPolicy: {
    default: {
      maxTimeToFirstByteMs: PLAYLIST_WAIT_MS,
      maxLoadTimeMs: PLAYLIST_WAIT_MS,
      timeoutRetry: { maxNumRetry: 2, retryDelayMs: 0, maxRetryDelayMs: 0 },
      errorRetry: { maxNumRetry: AWAY_RETRIES, retryDelayMs: 500, maxRetryDelayMs: 1000 },
    },
  },
};

export function hlsEngine(): Engine {
  let player: Player | null = null;
  let leave: (() => void) | null = null;
  let closed = false;
  let recoveredAt = Number.NEGATIVE_INFINITY;

  const start = async (video: HTMLVideoElement, url: string, events: EngineEvents): Promise<void> => {
    const Hls = await loadLibrary();
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
      if (data.type === Hls.ErrorTypes.MEDIA_ERROR && !isCodec(Hls, data) && now - recoveredAt > RECOVERY_MS) {
        recoveredAt = now;
        hls.recoverMediaError();
        return;
      }
      events.onProblem(classify(Hls, data), `${data.details} ${data.error.message}`.trim());
    });
    const tell = (): void => {
      if (hls.levels.length < 2) return;
      const rungs = hls.levels.map((level) => (level.height ? `${level.height}p` : `${Math.round(level.bitrate / 1000)} kbps`));
      events.onQuality({ rungs, chosen: hls.autoLevelEnabled ? null : hls.manualLevel });
    };
    hls.on(Hls.Events.MANIFEST_PARSED, tell);
    hls.on(Hls.Events.LEVEL_SWITCHED, tell);
    const ended = (): void => {
      if (!closed) events.onEnd();
    };
    video.addEventListener("ended", ended);
    leave = () => video.removeEventListener("ended", ended);
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
      leave?.();
      player?.destroy();
      player = null;
    },
  };
}

function isCodec(Hls: Library, { details }: ErrorData): boolean {
  return details === Hls.ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR || details === Hls.ErrorDetails.BUFFER_ADD_CODEC_ERROR;
}

function classify(Hls: Library, data: ErrorData): Problem {
  if (isCodec(Hls, data)) return "codec";
  if (data.type === Hls.ErrorTypes.MEDIA_ERROR) return "network";
  // Only the first playlist is asked for with the viewer's own permission. The others belong to a session, and when that is over
  // (the teacher has begun anew) the way is to ask for the first one again.
  const isFirst = data.details === Hls.ErrorDetails.MANIFEST_LOAD_ERROR;
  const status = data.response?.code ?? 0;
  return isFirst && status >= 400 ? problemFromStatus(status) : "network";
}
