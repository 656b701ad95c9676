/** Publishes streams with different GOP lengths, and watches them by the rules. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { clip } from "./clips.ts";
import { publishForever } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { type Findings, watchByTheRules } from "./hls-conformance.ts";
import type { Lectern } from "./lectern.ts";

/** A clip of which each round of its loop begins with a key frame. */
export async function publish(
  t: TestContext,
  lectern: Lectern,
  name: string,
  which: Parameters<typeof clip>[0] = "2 s GOP",
): Promise<void> {
  publishForever(t, clip(which, 40), `${lectern.rtmp}/live/${name}`);
  await lectern.stream(name, (stream) => stream.video !== null);
}

/** Watches three streams for some seconds, of which each meets other rules. */
export async function conform(t: TestContext, seconds: number): Promise<void> {
  const lectern = await sharedLectern();
  await Promise.all([
    publish(t, lectern, "even"),
    publish(t, lectern, "odd", "29.97 fps, odd GOP"),
    publish(t, lectern, "long", "16 s GOP"),
  ]);
  const watched = ["even", "odd", "long"].map((name) => watchByTheRules(`${lectern.http}/live/${name}.m3u8`, seconds));
  const [even, odd, long] = (await Promise.all(watched)) as [Findings, Findings, Findings];
  for (const found of [even, odd, long]) {
    assert.ok(found.parts > seconds && found.longestWaitMs < 5000, JSON.stringify(found));
    // The long one's segments are of sixteen seconds.
    if (found !== long) assert.ok(found.segments >= seconds / 6, JSON.stringify(found));
  }
  assert.ok(even.hints.right > 0.9 * even.hints.all, JSON.stringify(even));
}
