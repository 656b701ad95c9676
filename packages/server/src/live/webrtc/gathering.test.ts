import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { RTCIceGatheringState } from "node-datachannel";
import { gathering } from "./gathering.ts";

/** A connection that has come to a state, of which nothing was heard. */
function unheard(state: RTCIceGatheringState) {
  let tell: (state: string) => void = () => {};
  return {
    gatheringState: () => state,
    onGatheringStateChange: (call: (state: string) => void) => {
      tell = call;
    },
    tell: (now: RTCIceGatheringState) => tell(now),
  };
}

test("addresses that are known count, also where the process had no time to hear of it", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const known = gathering(unheard("complete"));
  const unknown = gathering(unheard("gathering"));
  mock.timers.tick(5000);
  await known;
  await assert.rejects(unknown, /not known in time/);
  const connection = unheard("gathering");
  const heard = gathering(connection);
  connection.tell("gathering");
  connection.tell("complete");
  await heard;
  mock.timers.reset();
});
