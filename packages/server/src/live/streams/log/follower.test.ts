import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../../platform/clock.ts";
import {
  aacConfiguration,
  avcConfiguration,
  ingestOf,
  lesson,
  mediaOf,
  pushAll,
  RETENTION,
  videoFrame,
} from "../synthetic-source.ts";
import { type FollowOptions, follow } from "./follower.ts";
import type { Log } from "./log.ts";
import type { LogEntry } from "./log-entry.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Follows in the background, collecting. */
function collect(log: Log, options: FollowOptions) {
  const got: LogEntry[] = [];
  const batches: number[] = [];
  const done = (async () => {
    for await (const batch of follow(log, options)) {
      got.push(...batch);
      batches.push(batch.length);
    }
  })();
  return { got, batches, done };
}

test("a follower gets the context and then every entry to the end, each once", async () => {
  const { ingest, log, entries } = ingestOf();
  const follower = collect(log, { from: "newest-head" });
  pushAll(ingest, [avcConfiguration(), aacConfiguration]);
  for (const frame of lesson(5)) {
    ingest.push(frame);
    if (frame.timestamp % 1000 === 0) await turn();
  }
  ingest.end("over");
  await follower.done;
  assert.deepEqual(follower.got, entries);
});

test("what comes within one turn of the event loop is one batch", async () => {
  const { ingest, log } = ingestOf();
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(1)]);
  const follower = collect(log, { from: "newest-head" });
  await turn();
  await turn();
  const [batches, entries] = [follower.batches.length, follower.got.length];
  for (let i = 0; i < 10; i++) ingest.push(videoFrame(1000 + i * 40, false));
  await turn();
  await turn();
  assert.equal(follower.batches.length, batches + 1);
  assert.equal(mediaOf(follower.got.slice(entries)).length, 10);
  ingest.end("over");
  await follower.done;
});

test("a late follower begins at a segment head, with the configurations that apply there", async () => {
  const { ingest, log } = ingestOf();
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(5)]);
  ingest.end("over");
  for (const [from, time] of [
    ["newest-head", 4000],
    ["oldest-head", 0],
  ] as const) {
    const { got, done } = collect(log, { from });
    await done;
    const at = got.findIndex((entry) => entry.kind === "segment");
    assert.deepEqual(
      got.slice(0, at).map((entry) => entry.kind),
      ["term", "configuration", "configuration", "configuration"],
    );
    const head = got[at];
    assert.ok(head?.kind === "segment" && head.time === time);
  }
});

test("a follower resumes after the position that it has seen", async () => {
  const { ingest, log, entries } = ingestOf();
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(5)]);
  ingest.end("over");
  const seen = entries[60]!;
  const { got, done } = collect(log, { from: { after: { term: seen.term, sequence: seen.sequence } } });
  await done;
  assert.deepEqual(got, entries.slice(61));
});

test("a follower that was too slow is told of the gap, and goes on at the oldest head", async () => {
  const { ingest, log } = ingestOf(new ManualClock(), { ...RETENTION, segments: 3 });
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(60)]);
  ingest.end("over");
  const { got, done } = collect(log, { from: { after: { term: 1, sequence: 10 } } });
  await done;
  const [gap] = got;
  assert.ok(gap?.kind === "gap" && gap.from === 11 && gap.sequence === log.oldest - 1);
  assert.equal(got.find((entry) => entry.kind === "segment")?.sequence, log.oldest);
  assert.equal(mediaOf(got).at(-1)?.sequence, log.head - 2);
});

test("an abort ends the following without an error", async () => {
  const { log } = ingestOf();
  const abort = new AbortController();
  const { done } = collect(log, { from: "newest-head", signal: abort.signal });
  await turn();
  abort.abort();
  await done;
});
