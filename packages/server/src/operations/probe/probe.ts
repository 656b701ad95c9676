/** Watches one address like a viewer for a bounded time, and reports whether it fell short, and where. */

import type { ProbeFault, ProbeReport, ProbeTask } from "../../contracts/monitoring/probe-report.ts";
import { systemClock } from "../../platform/clock.ts";
import { shownAddress } from "../../platform/shown-url.ts";
import { type FoundMedia, MediaFinder, StepError } from "./find-media.ts";
import { judgeWatch } from "./judge-watch.ts";
import { StallCompensatedClock } from "./stall-compensated-clock.ts";
import type { VideoFigures } from "./video-check.ts";
import { type Stop, Watch } from "./watch.ts";
import { watchFlv } from "./watch-flv.ts";
import { watchHls } from "./watch-hls.ts";

/** Without a picture by then, it will not come. */
const FIRST_FRAME_WITHIN_MS = 10_000;
/** The decoder has had the bytes all along, but other programs go first. With it, a fault is still found within 30 s. */
const DECODED_WITHIN_MS = 10_000;

export { MediaFinder } from "./find-media.ts";

export async function probe(task: ProbeTask): Promise<ProbeReport> {
  const clock = new StallCompensatedClock();
  try {
    return await watchAddress(task, clock);
  } finally {
    clock.close();
  }
}

async function watchAddress(task: ProbeTask, clock: StallCompensatedClock): Promise<ProbeReport> {
  const at = systemClock.utc();
  const over = new AbortController();
  const finder = new MediaFinder(clock, over.signal);
  const faults: { code: ProbeFault; detail: string }[] = [];
  let watch: Watch | null = null;
  let server: string | null = null;
  let from = clock.now();
  try {
    const media = await finder.prepare(task);
    from = clock.now();
    watch = new Watch(clock, over.signal);
    const cancels = [
      clock.after(task.seconds * 1000, () => over.abort()),
      clock.after(FIRST_FRAME_WITHIN_MS, () => watch?.firstFrameMs === null && over.abort()),
    ];
    try {
      const found = await finder.open(media);
      server = found.url.host;
      const stop = await play(found, watch);
      if (stop) faults.push(stop);
    } finally {
      for (const cancel of cancels) cancel();
    }
  } catch (error) {
    if (error instanceof StepError) faults.push({ code: error.fault, detail: error.message });
    else if (!over.signal.aborted) throw error;
  } finally {
    over.abort();
  }
  const watchedMs = watch ? Math.round(clock.now() - from) : 0;
  const figures = await figuresOf(watch, watchedMs, clock);
  const { faults: all, unsure } = judgeWatch(figures, task.checks, task.limits, faults);
  const { frames: _, hasVideo: __, startLateMs: ___, ...shown } = figures;
  return {
    ...shown,
    url: shownAddress(task.url),
    at,
    verdict: all.length > 0 ? "short" : unsure ? "unsure" : "good",
    faults: [...all],
    steps: finder.steps,
    server,
    certificateEndsAt: finder.certificateEndsAt,
  };
}

/** Reads until the time is over, which also ends a server that has gone silent. */
async function play({ url, answer }: FoundMedia, watch: Watch): Promise<Stop | null> {
  const { body } = answer;
  watch.signal.addEventListener("abort", () => body.destroy());
  if (watch.signal.aborted) body.destroy();
  return url.pathname.endsWith(".m3u8") ? await watchHls(answer, url, watch) : await watchFlv(answer, watch);
}

async function figuresOf(watch: Watch | null, watchedMs: number, clock: StallCompensatedClock) {
  const playback = watch?.playback.look(clock.now()) ?? { stalls: 0, stallMs: 0, lostMs: 0, bufferMs: 0 };
  const lateMs = Math.round(clock.lateMs);
  const decoded: VideoFigures | null = (await watch?.takeCheck()?.finish(DECODED_WITHIN_MS)) ?? null;
  const { firstFrameMs = null, behindMs = null, bytes = 0, hasVideo = false, startLateMs = 0 } = watch ?? {};
  const isPlaying = firstFrameMs !== null;
  return {
    watchedMs,
    firstFrameMs,
    stalls: playback.stalls,
    stallMs: Math.round(playback.stallMs),
    lostMs: Math.round(playback.lostMs),
    delayMs: isPlaying ? (behindMs ?? Math.round(playback.bufferMs)) : null,
    kbps: isPlaying && watchedMs > 0 ? Math.round((8 * bytes) / watchedMs) : null,
    blackMs: hasVideo ? (decoded?.blackMs ?? null) : null,
    frozenMs: hasVideo ? (decoded?.frozenMs ?? null) : null,
    silentMs: decoded?.silentMs ?? null,
    lateMs,
    frames: decoded?.frames ?? null,
    hasVideo,
    startLateMs,
  };
}
