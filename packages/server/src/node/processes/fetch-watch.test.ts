import assert from "node:assert/strict";
import { test } from "node:test";
import type { FetchReport } from "../../live/relay/transport/fetch-state.ts";
import { FetchWatch } from "./fetch-watch.ts";

test("a stream that does not arrive is logged at once and every ten seconds, and no more once it arrives", () => {
  let now = 0;
  let reports: readonly FetchReport[] = [];
  const said: string[] = [];
  const warn = ({ stream, reason }: { stream: string; reason: string }) => said.push(`${stream}: ${reason}`);
  let sourceless: readonly string[] = [];
  const watch = new FetchWatch({ reports: () => reports, sourceless: () => sourceless, warn, now: () => now });
  const pass = (seconds: number) => {
    for (let i = 0; i < seconds; i++) {
      watch.poll();
      now += 1000;
    }
  };
  pass(5);
  assert.deepEqual(said, []);
  const sources = [{ peer: "a/w", state: "failed", fault: "refused", dueInMs: 400 }] as const;
  reports = [{ stream: "live/math", waitingMs: 4000, sources }];
  pass(25);
  assert.deepEqual(said, Array(3).fill("live/math: a/w failed (refused), again in 400 ms"));
  assert.deepEqual(watch.reasons, ["refused"]);
  assert.deepEqual(watch.poll(), [{ stream: "live/math", reason: "a/w failed (refused), again in 400 ms" }]);
  reports = [];
  pass(5);
  assert.deepEqual(watch.reasons, []);
  sourceless = ["live/math"];
  pass(3);
  assert.equal(said.length, 3, "a source may be known a moment later");
  pass(2);
  assert.equal(said.at(-1), "live/math: no node is known that has it");
});
