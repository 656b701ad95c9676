/**
 * Sound and picture in Chromium, where some sound of the publisher is lost: its decoders count samples and do not look at times, so what comes after a hole would
 * be heard too early for as long as somebody watches.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { TAG_TYPE, writeFlvHeader, writeTag } from "@lectern/media";
import type { Page } from "playwright-core";
import { openPage } from "./chromium.ts";
import { clip } from "./clips.ts";
import { publish } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { heardBeeps, listen } from "./heard-beeps.ts";
import { until } from "./lectern.ts";
import { live } from "./numbered-frames.ts";
import { readTags } from "./rtmp-client.ts";

const SECONDS = 20;
/** Between two beeps, milliseconds of the clip. */
const HOLE = { from: 8300, to: 8600 } as const;
const SECOND_MS = 1000;
/** A hole that nobody fills leaves twice as much; pages of a busy machine look late. */
const MOST_APART_MS = 150;

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

const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

describe("sound stays with the picture over a hole in the sound", { concurrency: 2 }, () => {
  for (const protocol of ["flv", "hls"])
    test(`by ${protocol}`, async (t) => {
      const lectern = await sharedLectern();
      const whole = readTags(clip("flashes", SECONDS));
      const isLost = ({ type, timestamp }: (typeof whole)[number]) =>
        type === TAG_TYPE.audio && timestamp >= HOLE.from && timestamp < HOLE.to;
      const tags = whole.filter((tag) => !isLost(tag));
      const file = join(tmpdir(), `lectern-hole-${process.pid}-${protocol}.flv`);
      writeFileSync(
        file,
        Buffer.concat([writeFlvHeader(true, true), ...tags.map((tag) => writeTag(tag.type, tag.timestamp, [tag.body]))]),
      );
      const name = `hole-${protocol}`;
      const begun = Date.now();
      const publisher = publish(t, file, `${lectern.rtmp}/live/${name}`);
      await lectern.stream(name, (stream) => stream.audio !== null);
      const page = await openPage(t, { bypassCSP: true, expected: /AudioContext/ });
      await page.goto(`${lectern.http}/embed/${name}?muted=0&protocol=${protocol}`);
      await page.mouse.click(5, 5);
      await live(page);
      await page.locator("lectern-player").evaluate((player) => {
        const video = player.shadowRoot?.querySelector("video");
        if (video) video.muted = false;
      });
      await watchFlashes(page);
      await listen(page);
      await publisher.done;
      await until(
        async () => (await page.locator("lectern-player").evaluate((player) => Reflect.get(player, "state"))) !== "live",
        "its end",
      );
      const [beeps, flashes] = [await heardBeeps(page), await seenFlashes(page)];
      // A viewer is some seconds behind at most.
      const heardAt = begun + HOLE.to;
      const before = apart(
        beeps.filter((at) => at < heardAt),
        flashes,
      );
      const after = apart(
        beeps.filter((at) => at > heardAt + 5000),
        flashes,
      );
      t.diagnostic(`before: ${before.join(" ")}; after: ${after.join(" ")}`);
      assert.ok(after.length >= 4, "beeps were heard");
      assert.ok(Math.abs(middle(after)) <= MOST_APART_MS, `${after.join(" ")} ms apart`);
    });
});
