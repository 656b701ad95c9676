import assert from "node:assert/strict";
import { type Duplex, duplexPair } from "node:stream";
import { test } from "node:test";
import { ManualClock } from "../../../platform/clock.ts";
import { explainFetch, fetchReason } from "./fetch-state.ts";
import { follower, locationOf } from "./test-machine.ts";

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("a stream that does not arrive says of each source in which state it is, and why it failed", async (t) => {
  const clock = new ManualClock();
  const opened: Duplex[] = [];
  const dial = (peer: string): Duplex | null => {
    if (peer === "gone/w") return null;
    const [near] = duplexPair();
    opened.push(near);
    return near;
  };
  const location = locationOf({ epoch: "e", startedAt: 0 }, ["gone/w", "a/w"]);
  const { streams, upstreams } = follower(t, dial, clock, () => location, 1);
  streams.find("live", "math");
  assert.deepEqual(upstreams.unfetched(), [], "it has only just begun");
  await settled();
  clock.advance(500);
  await settled();
  clock.advance(4600);
  await settled();
  const [first] = upstreams.unfetched();
  assert.ok(first);
  assert.equal(first.stream, "live/math");
  assert.deepEqual(
    first.sources.map(({ peer, state, fault }) => [peer, state, fault]),
    [
      ["gone/w", "failed", "unreachable"],
      ["a/w", "connecting", null],
    ],
  );
  assert.equal(fetchReason(first), "unreachable");
  assert.match(explainFetch(first), /^gone\/w failed \(unreachable\), again in \d+ ms; a\/w connecting$/);
  for (const socket of opened) socket.destroy();
  await settled();
  await settled();
  const closed = upstreams.unfetched()[0]?.sources.find(({ peer }) => peer === "a/w");
  assert.equal(closed?.fault, "closed");
});

test("a stream without any source says so", () => {
  const report = { stream: "live/math", waitingMs: 5000, sources: [] };
  assert.deepEqual([fetchReason(report), explainFetch(report)], ["no-source", "no node is known that has it"]);
});
