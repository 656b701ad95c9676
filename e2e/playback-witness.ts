/**
 * Watches a player's video in Chromium from outside, by the browser's own events and frame counter, without any code of the player's: when each frame was
 * shown, and how often it waited.
 */
import type { Page } from "playwright-core";
import { NUMBER } from "./clips.ts";

export type Witnessed = {
  /** Milliseconds from `openWitnessed` to the first frame that was shown. */
  readonly firstFrameMs: number;
  /** `waiting` events after the first picture, outside of seeks. */
  readonly waits: number;
  /** Times between two frames of more than `GAP_MS` after playback has begun, less a frame's own time: those in which the video waited. */
  readonly gaps: readonly number[];
  /** Those in which it did not: the machine was too busy to show frames. */
  readonly busyGaps: readonly number[];
  /** From the begin of playback to the end of the watch. */
  readonly playedMs: number;
};

/** A busy machine shows some frames later. */
const GAP_MS = 350;
const FRAME_MS = 1000 / NUMBER.fps;
/** An event comes a little before or after the last frame. */
const NEAR_MS = 100;

/** From `waiting` to `playing`: a frame or two may be shown in between, where little by little arrives. */
type Wait = { readonly from: number; to: number };

type Watch = { openedAt: number; isLoading: boolean; playedAt: number | null; waits: Wait[]; isOver: boolean; frames: number[] };

/** Opens another stream in the page's player, and watches it from then on. */
export async function openWitnessed(page: Page, src: string): Promise<void> {
  await page.evaluate((address) => {
    const player = document.querySelector("lectern-player, lectern-replay");
    const video = player?.shadowRoot?.querySelector("video");
    if (!player || !video) throw new Error("there is no player");
    const seen: Watch = { openedAt: performance.now(), isLoading: false, playedAt: null, waits: [], isOver: false, frames: [] };
    Reflect.set(window, "witness", seen);
    // A frame of the stream before may still reach the screen.
    video.addEventListener("loadstart", () => (seen.isLoading = true));
    video.addEventListener("playing", () => {
      seen.playedAt ??= seen.isLoading ? performance.now() : null;
      for (const wait of seen.waits) wait.to = Math.min(wait.to, performance.now());
    });
    video.addEventListener("waiting", () => {
      const isStall = !video.seeking && !seen.isOver && seen.playedAt !== null;
      if (isStall) seen.waits.push({ from: performance.now(), to: Number.POSITIVE_INFINITY });
    });
    const frame = (now: number): void => {
      if (seen.isLoading && !seen.isOver) seen.frames.push(now);
      video.requestVideoFrameCallback(frame);
    };
    video.requestVideoFrameCallback(frame);
    player.setAttribute("src", address);
  }, src);
}

/** How often the video has waited so far. */
export const waitsOf = (page: Page): Promise<number> => page.evaluate(() => Reflect.get(window, "witness").waits.length);

/** Ends the watch, and takes the player off the page at that moment. */
export async function hearWitness(page: Page): Promise<Witnessed> {
  const { openedAt, playedAt, frames, waits, endedAt } = await page.evaluate(() => {
    const seen: Watch = Reflect.get(window, "witness");
    seen.isOver = true;
    document.querySelector("lectern-player, lectern-replay")?.remove();
    return { ...seen, endedAt: performance.now() };
  });
  const begun = playedAt ?? Number.NaN;
  const played = frames.filter((at) => at >= begun);
  const steps = played.map((at, i) => ({ at, ms: at - (played[i - 1] ?? begun) })).filter(({ ms }) => ms > GAP_MS);
  const hasWaited = ({ at, ms }: { at: number; ms: number }) =>
    waits.some(({ from, to }) => from < at && (from > at - ms - NEAR_MS || to > at - ms + NEAR_MS));
  const lengths = (of: typeof steps) => of.map(({ ms }) => ms - FRAME_MS);
  return {
    firstFrameMs: (frames[0] ?? Number.NaN) - openedAt,
    waits: waits.length,
    gaps: lengths(steps.filter(hasWaited)),
    busyGaps: lengths(steps.filter((step) => !hasWaited(step))),
    playedMs: endedAt - begun,
  };
}
