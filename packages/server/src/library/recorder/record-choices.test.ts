import assert from "node:assert/strict";
import { test } from "node:test";
import { RecordChoices } from "./record-choices.ts";

test("a decision holds while the stream is live and for an hour after, and not longer", () => {
  let now = 0;
  const live = new Set(["live/math"]);
  const choices = new RecordChoices(() => now);
  const pass = (ms: number) => {
    for (const end = now + ms; now < end; now += 30_000) choices.sweep((app, name) => live.has(`${app}/${name}`));
  };
  choices.set({ app: "live", name: "math", action: "start" });
  pass(5 * 3600_000);
  assert.equal(choices.of("live", "math"), "start");
  live.clear();
  pass(3590_000);
  assert.equal(choices.of("live", "math"), "start");
  live.add("live/math");
  pass(60_000);
  live.clear();
  pass(3590_000);
  assert.equal(choices.of("live", "math"), "start", "counted from the end of the newest stream");
  pass(120_000);
  assert.equal(choices.of("live", "math"), null);
});

test("the newest decision of a stream counts, also for a process that starts later", () => {
  const choices = new RecordChoices(() => 0);
  choices.set({ app: "live", name: "math", action: "start" });
  choices.set({ app: "live", name: "math", action: "stop" });
  assert.equal(new RecordChoices(() => 0, choices.all()).of("live", "math"), "stop");
});

test("no more than ten thousand streams are remembered, the newest ones", () => {
  const choices = new RecordChoices(() => 0);
  for (let i = 0; i < 10_001; i++) choices.set({ app: "live", name: `s${i}`, action: "start" });
  assert.deepEqual([choices.of("live", "s0"), choices.of("live", "s10000"), choices.all().length], [null, "start", 10_000]);
});
