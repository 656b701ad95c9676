/** What a log keeps for followers whose connection is lost for longer than it reaches back. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type Duplex, duplexPair } from "node:stream";
import { test } from "node:test";
import { ManualClock } from "../../../platform/clock.ts";
import type { Stream } from "../../streams/index.ts";
import { followBody, positionBody } from "./message-bodies.ts";
import { frame, MESSAGE } from "./messages.ts";
import { RelayServer } from "./relay-server.ts";
import { machine, push } from "./test-machine.ts";

/** Longer than the log reaches back. */
const CUT_S = 30;

/** A follower that has everything of a stream so far, as a node that records it from the beginning, or by now, or only shows it. */
async function followed(t: Parameters<typeof machine>[0], follower: "origin" | "origin by now" | "edge") {
  const { ready, publish, find, of } = machine(t, ["n/a"]);
  await ready;
  const publication = await publish("n/a");
  push(publication, 5);
  const stream = find("n/a") as Stream;
  const clock = new ManualClock();
  const server = new RelayServer(of("n/a").streams, { broken: assert.fail, sent: () => {} }, { clock });
  const has = { term: 1, sequence: stream.log.head - 1 };
  const [near, far]: Duplex[] = duplexPair();
  server.accept(far!);
  const { app, name, epoch } = stream;
  const asks = { after: has, repairOnly: false, newestFirst: false, backfill: null, mayWaitMs: 0, trace: null };
  near!.write(frame(MESSAGE.follow, followBody({ app, name, epoch, isOriginCopy: follower === "origin", ...asks })));
  if (follower !== "edge") near!.write(frame(MESSAGE.acknowledge, positionBody(has)));
  await once(near!, "readable");
  far!.destroy();
  await once(far!, "close");
  return {
    log: stream.log,
    clock,
    next: has.sequence + 1,
    push: (seconds: number, from: number) => push(publication, seconds, from * 1000),
  };
}

for (const follower of ["origin", "origin by now"] as const)
  test(`an ${follower} that is cut off for longer than the log reaches back finds its next entry when it comes back within a minute`, async (t) => {
    const { log, clock, next, push } = await followed(t, follower);
    push(CUT_S, 5);
    clock.advance(55_000);
    push(CUT_S, 5 + CUT_S);
    assert.equal(log.segmentOf(next) === null, false);
    clock.advance(5000);
    push(5, 5 + 2 * CUT_S);
    assert.equal(log.segmentOf(next)?.head.sequence, undefined);
  });

test("nothing is kept longer for a follower that records nothing", async (t) => {
  const { log, next, push } = await followed(t, "edge");
  push(CUT_S, 5);
  assert.equal(log.segmentOf(next)?.head.sequence, undefined);
});
