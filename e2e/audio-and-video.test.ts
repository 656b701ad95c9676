/**
 * Sound and picture in Chromium, where some sound of the publisher is lost: its decoders count samples and do not look at times, so what comes after a hole would
 * be heard too early for as long as somebody watches. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type FlvTag, TAG_TYPE } from "@lectern/media";
import type { Page } from "playwright-core";
import { openSmallPage } from "./chromium.ts";
import { clip } from "./clips.ts";
import { sharedLectern } from "./fixtures.ts";
import { percentile } from "./frame-costs.ts";
import { heardBeeps, listen } from "./heard-beeps.ts";
import { until } from "./lectern.ts";
import { live } from "./numbered-frames.ts";
import { publishTags } from "./tag-publisher.ts";

const SECONDS = 20;
const SECOND_MS = 1000;
/** Of one second, between two beeps. */
const HOLE = { from: 300, to: 600 } as const;
/** The player is no further behind. */
const MOST_BEHIND_MS = 5000;
const BEEPS = { before: 2, after: 3 } as const;
/** A hole that nobody fills leaves more: 300 ms by FLV, 160 by HLS. Pages of a busy machine look late. */
const MOST_APART_MS = 120;

/** Notes from now on when the picture becomes white: `seenFlashes`. */
async function watchFlashes(page: Page): Promise<void> {
  await page.evaluate(() => {
    const flashes: number[] = [];
    Object.assign(globalThis, { flashes });
    const video = document.querySelector("lectern-player")?.shadowRoot?.querySelector("video");
    const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    let wasWhite = true;
    const look = (): void => {
      if (!video || !context) return;
      video.requestVideoFrameCallback(look);
      context.drawImage(video, 0, 0, 1, 1);
      const isWhite = (context.getImageData(0, 0, 1, 1).data[0] ?? 0) > 127;
      if (isWhite && !wasWhite) flashes.push(Date.now());
      wasWhite = isWhite;
    };
    look();
  });
}

const seenFlashes = (page: Page): Promise<number[]> =>
  page.evaluate(() => (globalThis as unknown as { flashes: number[] }).flashes);

/** How much later each beep was heard than its flash was seen, milliseconds. */
function apart(beeps: readonly number[], flashes: readonly number[]): number[] {
  return beeps.flatMap((beep) => {
    const nearest = flashes.toSorted((a, b) => Math.abs(a - beep) - Math.abs(b - beep))[0];
    return nearest === undefined || Math.abs(nearest - beep) > SECOND_MS / 2 ? [] : [Math.round(beep - nearest)];
  });
}

describe("sound stays with the picture over a hole in the sound", { concurrency: 2 }, () => {
  for (const protocol of ["flv", "hls"])
    test(`by ${protocol}`, async (t) => {
      const lectern = await sharedLectern();
      const name = `hole-${protocol}`;
      let isWanted = false;
      let holed: number | null = null;
      const isSent = ({ type, timestamp }: FlvTag): boolean => {
        const within = timestamp % SECOND_MS;
        if (type !== TAG_TYPE.audio || !isWanted || within < HOLE.from || within >= HOLE.to) return true;
        const second = timestamp - within;
        holed ??= second;
        return second !== holed;
      };
      await publishTags(t, lectern, name, clip("flashes", SECONDS), isSent);
      await lectern.stream(name, (stream) => stream.audio !== null);
      const page = await openSmallPage(t, { bypassCSP: true, expected: /AudioContext/ });
      await page.goto(`${lectern.http}/embed/${name}?muted=0&protocol=${protocol}`);
      await page.mouse.click(5, 5);
      await live(page);
      await page.locator("lectern-player").evaluate((player) => {
        const video = player.shadowRoot?.querySelector("video");
        if (video) video.muted = false;
      });
      await watchFlashes(page);
      await listen(page);
      const compared = async (from: number, to: number) =>
        apart(
          (await heardBeeps(page)).filter((at) => at >= from && at < to),
          await seenFlashes(page),
        );
      await until(async () => (await compared(0, Date.now())).length >= BEEPS.before, "beeps before the hole");
      const holeAt = Date.now();
      isWanted = true;
      const isOver = holeAt + 2 * SECOND_MS + MOST_BEHIND_MS;
      const after = await until(async () => {
        const all = await compared(isOver, Number.POSITIVE_INFINITY);
        return all.length >= BEEPS.after && all;
      }, "beeps after the hole");
      t.diagnostic(`before: ${(await compared(0, holeAt)).join(" ")}; after: ${after.join(" ")}`);
      assert.ok(holed !== null, "a hole was made");
      assert.ok(Math.abs(percentile(after, 0.5)) <= MOST_APART_MS, `${after.join(" ")} ms apart`);
    });
});
