import assert from "node:assert/strict";
import { test } from "node:test";
import { RefusalTally } from "../access/refusal-tally.ts";
import { Refusal } from "../platform/refusal.ts";
import { FailedAttempts } from "./failed-attempts.ts";

/** What a worker reports of publishers that it has refused, in this order. */
function reportOf(...refused: readonly (readonly [name: string, refusal: Refusal])[]) {
  let at = 1000;
  const tally = new RefusalTally(
    (target) => (target === "live/stranger" ? null : "school"),
    () => at++,
  );
  for (let i = 0; i < 100; i++) tally.note("play", "flv", "live/math", "10.0.0.9", new Refusal("no-such-stream"), false);
  for (const [name, refusal] of refused) tally.note("publish", "rtmp", `live/${name}`, "10.0.0.1", refusal, false, "OBS 31");
  return tally.take()?.requests ?? [];
}

test("the last five attempts to publish a stream are there, the newest first, however many viewers were refused", () => {
  const attempts = new FailedAttempts();
  attempts.note(reportOf(...Array.from({ length: 7 }, () => ["math", new Refusal("bad-key")] as const)));
  attempts.note(reportOf(["math", new Refusal("not-signed-in")], ["physics", new Refusal("bad-key")]));
  const found = attempts.of("live", "math");
  assert.deepEqual(
    found.map(({ code }) => code),
    ["not-signed-in", "bad-key", "bad-key", "bad-key", "bad-key"],
  );
  assert.deepEqual([found[0]?.ip, found[0]?.agent, found[0]?.protocol], ["10.0.0.1", "OBS 31", "rtmp"]);
  assert.equal(found[0]?.words.en, new Refusal("not-signed-in").detail);
  assert.match(found[0]?.words.zh ?? "", /\p{Script=Han}/u);
  assert.deepEqual(attempts.of("live", "other"), []);
});

test("names that strangers try do not fill the memory", () => {
  const attempts = new FailedAttempts();
  const [request] = reportOf(["math", new Refusal("bad-key")]).slice(-1);
  assert.ok(request);
  attempts.note([request]);
  attempts.note(Array.from({ length: 3000 }, (_, i) => ({ ...request, target: `live/${i}` })));
  assert.deepEqual(attempts.of("live", "math"), []);
  assert.equal(attempts.of("live", "2999").length, 1);
});

test("a stream of a school that fails three times within ten minutes is repeated, until it is published or ten minutes have passed", () => {
  const attempts = new FailedAttempts();
  const wrongKey = (name: string) => [name, new Refusal("bad-key")] as const;
  attempts.note(reportOf(wrongKey("math"), wrongKey("math"), wrongKey("stranger"), wrongKey("stranger"), wrongKey("stranger")));
  assert.deepEqual(attempts.repeated(5000), [], "twice may be a slip; a name of no lesson concerns nobody");
  attempts.note(reportOf(wrongKey("math")));
  const [alarm, ...others] = attempts.repeated(5000);
  assert.deepEqual([alarm?.subject, others.length], ["live/math", 0]);
  assert.equal(alarm?.detail, `The last from 10.0.0.1 by rtmp, OBS 31: ${new Refusal("bad-key").problem("en").detail}`);
  assert.deepEqual(attempts.repeated(700_000), [], "ten minutes later");
  attempts.published("live", "math", 2000);
  assert.deepEqual(attempts.repeated(5000), [], "it is published");
  assert.equal(attempts.of("live", "math").length, 3, "the people of the lesson still see them");
});
