/** Publishes video with the frame number burnt in, and reads the numbers from the page that plays it. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { playerState } from "./chromium.ts";
import { clip, NUMBER } from "./clips.ts";
import { publish } from "./ffmpeg.ts";
import { type Lectern, type Scope, until } from "./lectern.ts";

/** Pushes a picture with its frame number burnt in, as a row of black and white boxes. */
export function pushNumbered(
  t: Scope,
  lectern: Pick<Lectern, "rtmp">,
  name: string,
  which: "counted" | "counted, small" = "counted",
) {
  return publish(t, clip(which, which === "counted" ? 90 : 60), `${lectern.rtmp}/live/${name}`);
}

/** Waits for the player to be live. */
export const live = (page: Page) => until(async () => (await playerState(page)).state === "live", "a live picture");

/** So many frames tell whether each is in its place. */
export const ENOUGH = 25;

/**
 * Reads the burnt-in numbers of the frames that are shown for a while, with the time at which each is to be shown.
 * @param frames goes on until so many have been shown
 */
export function readNumbers(page: Page, milliseconds: number, frames = 1): Promise<{ number: number; time: number }[]> {
  return page.evaluate(
    ({ milliseconds, frames, bits, box }) => {
      const video = document.querySelector("lectern-player, lectern-replay")?.shadowRoot?.querySelector("video");
      const canvas = document.createElement("canvas");
      canvas.width = bits * box;
      canvas.height = box;
      const context = canvas.getContext("2d", { willReadFrequently: true });
      const seen: { number: number; time: number }[] = [];
      return new Promise<typeof seen>((resolve) => {
        const end = performance.now() + milliseconds;
        const look = (_now: number, { mediaTime }: { mediaTime: number }) => {
          if (video) context?.drawImage(video, 0, 0, bits * box, box, 0, 0, bits * box, box);
          let number = 0;
          for (let i = 0; i < bits; i++) {
            const pixel = context?.getImageData(i * box + box / 2, box / 2, 1, 1).data[0] ?? 0;
            if (pixel > 128) number += 2 ** i;
          }
          seen.push({ number, time: mediaTime });
          if (performance.now() < end || seen.length < frames) video?.requestVideoFrameCallback(look);
          else resolve(seen);
        };
        video?.requestVideoFrameCallback(look);
      });
    },
    { milliseconds, frames, bits: NUMBER.bits, box: NUMBER.box },
  );
}

/** A script that other programs hold up for so many frames reads a later one. */
const MAX_LATE_FRAMES = 5;

/**
 * Each frame is shown at the time that belongs to its number: none lost, doubled or in another's place. On a busy machine the browser may
 * show later frames between telling the time and being read, so a few may be ahead.
 */
export function assertInPlace(numbers: readonly { number: number; time: number }[]): void {
  const offsets = numbers.map(({ number, time }) => number - time * NUMBER.fps);
  const usual = offsets.toSorted((a, b) => a - b)[Math.floor(offsets.length / 2)] ?? 0;
  const out = offsets.map((offset) => offset - usual).filter((frames) => Math.abs(frames) >= 0.5);
  const readLate = (frames: number) => frames > 0 && frames <= MAX_LATE_FRAMES;
  assert.ok(
    numbers.length >= ENOUGH && out.length <= numbers.length * 0.05 && out.every(readLate),
    `${numbers.length} frames, of which out of place by ${out.map((frames) => frames.toFixed(2))}`,
  );
}
