import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ClipLoop, readClip } from "./clip-loop.ts";

const clip = readClip(readFileSync(new URL("../../../../../e2e/clips/h264opus.flv", import.meta.url)));

test("each tag comes once when it is due, and the next round goes on in time without the configurations", () => {
  const loop = new ClipLoop(clip);
  const times: number[] = [];
  for (let elapsed = 0; elapsed < 2 * clip.spanMs; elapsed += 100)
    loop.send(elapsed, (_tag, timestamp) => {
      assert.ok(timestamp <= elapsed);
      times.push(timestamp);
    });
  assert.ok(times.length > clip.tags.length && times.length < 2 * clip.tags.length);
  assert.ok((times.at(-1) ?? 0) > clip.spanMs);
});

test("a file without media is refused", () => {
  assert.throws(() => readClip(Buffer.from("FLV\u0001\u0005\0\0\0\u0009\0\0\0\0", "latin1")), /no sound and no video/);
});
