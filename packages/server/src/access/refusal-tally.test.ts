import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "../platform/refusal.ts";
import { RefusalTally } from "./refusal-tally.ts";

test("refusals are counted by school, code, rule and source; some are listed with what was wrong", () => {
  const tally = new RefusalTally(
    (target) => (target === "live/lesson" ? "s" : null),
    () => 5000,
  );
  const wrong = new Refusal("refused-by-rule").by("referers", "school s").because("https://evil.net/");
  for (let i = 0; i < 100; i++) tally.note("play", "flv", "live/lesson", "10.0.0.1", wrong, false);
  tally.note("play", "hls", "live/other", "10.0.0.2", new Refusal("no-such-stream"), false);
  tally.note("play", "flv", "live/lesson", "10.0.0.1", wrong, true);
  const report = tally.take();
  assert.deepEqual(
    report?.counts.map(({ schoolId, code, rule, source, dryRun, count }) => [schoolId, code, rule, source, dryRun, count]),
    [
      ["s", "refused-by-rule", "referers", "school s", false, 100],
      [null, "no-such-stream", null, null, false, 1],
      ["s", "refused-by-rule", "referers", "school s", true, 1],
    ],
  );
  assert.equal(report?.requests.length, 20);
  assert.equal(report?.requests[0]?.about, "https://evil.net/");
  assert.equal(tally.take(), null);
});

test("a flood of different refusals takes no more than a bounded report", () => {
  let at = 0;
  const tally = new RefusalTally(
    (target) => target,
    () => at++,
  );
  for (let i = 0; i < 100_000; i++)
    tally.note("play", "flv", `live/${i}${"x".repeat(500)}`, "10.0.0.1", new Refusal("no-such-stream"), false);
  const report = tally.take();
  assert.equal(report?.counts.length, 500);
  assert.ok(JSON.stringify(report?.requests).length < 20_000);
});
