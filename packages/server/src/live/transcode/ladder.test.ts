import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { ManualClock } from "../../platform/clock.ts";
import { avcConfiguration, lesson } from "../streams/synthetic-source.ts";
import { TestSource } from "../streams/test-source.ts";
import { soleStreams } from "../streams/test-streams.ts";
import { Ladder } from "./ladder.ts";
import type { Rung } from "./rungs.ts";

const rung = (name: string, width: number, height: number): Rung => ({ name, video: { width, height, kbps: 500 }, audio: null });

/** A ladder of two rungs whose encoder is this test. */
async function setUp(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "lectern-ladder-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  // What is encoded comes from this test.
  const command = join(folder, "encoder");
  writeFileSync(command, "#!/bin/sh\nexec sleep 600\n", { mode: 0o755 });
  const clock = new ManualClock();
  const streams = soleStreams(clock);
  t.after(() => streams.close("test"));
  const source = await TestSource.open(streams.publications);
  assert.ok(source instanceof TestSource);
  source.teach(6);
  const parent = streams.local("live", "math") ?? assert.fail("the stream is there");
  const dropped: string[] = [];
  let isShed = false;
  const ladder = new Ladder({
    parent,
    rendition: null,
    choice: "mobile",
    rungs: [rung("480p", 854, 480), rung("360p", 640, 360)],
    streams,
    clock,
    command,
    encoderKind: () => "software",
    isTopRungShed: () => isShed,
    // A program that makes nothing is begun again now and then.
    events: { failed: () => {}, dropped: (_parent, name, reason) => dropped.push(`${name} ${reason}`) },
  });
  t.after(() => ladder.close("test"));
  let seconds = 6;
  const encoded = new Set<unknown>();
  /** Seconds go by, in which some rungs are encoded as fast as the source comes. */
  const pass = async (count: number, ...made: readonly string[]): Promise<void> => {
    for (const end = seconds + count; seconds < end; seconds++) {
      source.teach(1, seconds * 1000);
      await new Promise((resolve) => setImmediate(resolve));
      for (const name of made) {
        const stream = streams.local("live", `math@${name}`);
        if (!stream) continue;
        const isNew = !encoded.has(stream);
        if (isNew) stream.take(avcConfiguration(1));
        for (const frame of isNew ? lesson(seconds + 1) : lesson(1, seconds * 1000))
          if (frame.track === "video") stream.take(frame);
        encoded.add(stream);
      }
      source.session.heard(clock.monotonic());
      clock.advance(1000);
      ladder.check();
    }
  };
  /** How many seconds go by until a rung is made, or is not made any more. */
  const secondsUntil = async (isMade: boolean, name: string, ...made: readonly string[]): Promise<number> => {
    const from = seconds;
    while (ladder.rungs.includes(name) !== isMade) {
      assert.ok(seconds - from < 2000, `${name} in vain`);
      await pass(1, ...made);
    }
    return seconds - from;
  };
  const shed = (isOn: boolean) => {
    isShed = isOn;
  };
  return { ladder, dropped, pass, secondsUntil, shed };
}

test("a rung that was too much for the machine is made again after five minutes in which it had time, and after twice as long the next time", async (t) => {
  const { ladder, dropped, pass, secondsUntil } = await setUp(t);
  await secondsUntil(true, "480p", "360p");
  await secondsUntil(false, "480p", "360p");
  assert.deepEqual([ladder.rungs, dropped], [["360p"], ["480p overloaded"]]);
  const first = await secondsUntil(true, "480p", "360p");
  assert.ok(first >= 299 && first < 310, `${first} s`);
  await pass(30, "360p", "480p");
  assert.ok(
    ladder.report().rungs.every(({ state }) => state === "running"),
    "nothing is given up any more",
  );
  await secondsUntil(false, "480p", "360p");
  assert.equal(dropped.length, 2);
  const second = await secondsUntil(true, "480p", "360p");
  assert.ok(second >= 599 && second < 610, `${second} s`);
});

test("the largest rung is not made while the server does without it, and is made again at once when it does not", async (t) => {
  const { ladder, dropped, shed, secondsUntil, pass } = await setUp(t);
  await secondsUntil(true, "480p", "360p", "480p");
  shed(true);
  await pass(3, "360p");
  assert.deepEqual([ladder.rungs, dropped], [["360p"], ["480p shed"]], "one rung, once");
  shed(false);
  await secondsUntil(true, "480p", "360p");
});
