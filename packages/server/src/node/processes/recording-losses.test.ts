import assert from "node:assert/strict";
import { test } from "node:test";
import { Registry } from "prom-client";
import { countLostMedia } from "../../operations/log-metrics.ts";
import { ManualClock } from "../../platform/clock.ts";
import type { OpenAlarm } from "../../school/school.ts";
import { RecordingLosses } from "./recording-losses.ts";

function setUp() {
  const clock = new ManualClock();
  const registry = new Registry();
  const alarms: (OpenAlarm | null)[] = [];
  const lines: string[] = [];
  const losses = new RecordingLosses({
    clock,
    count: countLostMedia(registry),
    log: { warn: (fields: object, text: string) => lines.push(`${JSON.stringify(fields)} ${text}`) } as never,
    worker: "n1 media-0",
    alarm: (open) => alarms.push(open),
  });
  return { clock, registry, alarms, lines, losses };
}

test("a thousand recordings that miss media are one alarm, a few lines of the log, and all seconds in the metric", async () => {
  const { clock, registry, alarms, lines, losses } = setUp();
  for (let i = 0; i < 1000; i++) losses.lost({ app: "live", name: `camera${i}` }, "record", 20.04);
  assert.deepEqual(alarms, [{ code: "recording-behind", subject: "n1 media-0", detail: "live/camera0 misses 21 s" }]);
  assert.equal(lines.length, 20);
  assert.match(lines[0] ?? "", /"code":"recording-behind","stream":"live\/camera0","plan":"record","lostSeconds":20 *}/);
  clock.advance(1000);
  assert.match(lines.at(-1) ?? "", /"files":980/);
  const text = await registry.getSingleMetricAsString("lectern_recording_lost_seconds_total");
  assert.match(text, /\{kind="recording"\} 2004\d/);
  assert.match(text, /\{kind="timeshift"\} 0/);
});

test("the alarm ends two minutes after the last loss, and comes again with the next one", () => {
  const { clock, alarms, losses } = setUp();
  const camera = { app: "live", name: "camera" };
  losses.lost(camera, "record", 5);
  for (let minute = 0; minute < 5; minute++) {
    clock.advance(60_000);
    losses.lost(camera, "record", 5);
  }
  assert.equal(alarms.length, 1);
  clock.advance(241_000);
  assert.equal(alarms.at(-1), null);
  losses.lost(camera, "record", 5);
  assert.deepEqual(
    alarms.map((one) => one?.code ?? null),
    ["recording-behind", null, "recording-behind"],
  );
});

test("what the time-shift window alone misses is counted and raises no alarm", () => {
  const { alarms, lines, losses } = setUp();
  losses.lost({ app: "live", name: "camera" }, "shift", 5);
  assert.deepEqual([alarms.length, lines.length], [0, 1]);
});
