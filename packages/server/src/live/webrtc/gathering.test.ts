import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { RTCIceGatheringState, Track } from "node-datachannel";
import { firstTrack, gathering } from "./gathering.ts";

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

test("a track that is told after everything else is waited for, and one that never comes is not", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const tells: ((track: Track) => void)[] = [];
  const connection = { onTrack: (call: (track: Track) => void) => void tells.push(call) };
  const [late, never] = [firstTrack(connection), firstTrack(connection)];
  t.mock.timers.tick(5000);
  const track = {} as Track;
  tells[0]?.(track);
  assert.equal(await late, track);
  t.mock.timers.tick(1000);
  await assert.rejects(never, /no track/);
});
