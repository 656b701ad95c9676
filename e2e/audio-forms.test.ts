/** Forms of a stream: its sound as Opus or AAC, made while somebody needs it, in step with what it is made from. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { clickClip, clicksOf } from "./clicks.ts";
import { encodersOf } from "./encoders.ts";
import { type Lectern, startLectern } from "./lectern.ts";

/** Publishes a file by Enhanced RTMP. */
function push(t: TestContext, lectern: Lectern, file: string, name: string) {
  const pusher = spawn(process.execPath, [join(import.meta.dirname, "push-file.ts"), file, `${lectern.rtmp}/live/${name}`], {
    stdio: "ignore",
  });
  t.after(() => pusher.kill("SIGKILL"));
  return pusher;
}

/** How far each click of one is from the nearest of the other, milliseconds. */
function offsets(of: readonly number[], from: readonly number[]): number[] {
  return of.map((at) => from.reduce((least, other) => (Math.abs(at - other) < Math.abs(least) ? at - other : least), 1000));
}

test("the sound of AAC as Opus, and of Opus as AAC, is in step with what it is made from", async (t) => {
  const lectern = await startLectern(t);
  push(t, lectern, clickClip("aac", 40), "school");
  push(t, lectern, clickClip("opus", 40), "browser");
  await lectern.stream("school", (stream) => stream.audio !== null);
  await lectern.stream("browser", (stream) => stream.audio !== null);
  for (const [parent, form] of [
    ["school.m3u8", "school@opus.m3u8"],
    ["browser.m3u8?audio=opus", "browser.m3u8"],
    ["browser.m3u8?audio=opus", "browser.flv"],
  ] as const) {
    const [before, made] = await Promise.all([
      clicksOf(t, `${lectern.http}/live/${parent}`, 6),
      clicksOf(t, `${lectern.http}/live/${form}`, 6),
    ]);
    const found = offsets(made, before);
    t.diagnostic(`${form}: ${found.map((ms) => ms.toFixed(1)).join(" ")}`);
    assert.ok(found.length >= 5, `${found.length} clicks`);
    for (const ms of found) assert.ok(Math.abs(ms) < 10, `${form} is ${ms} ms off`);
  }
  assert.equal(encodersOf(lectern.process.pid).length, 2, "an encoder for each form");
});
