import assert from "node:assert/strict";
import { test } from "node:test";
import { changedAddress, joinAddress, serverOf } from "./forward-address.ts";

test("a server and a stream key are joined as OBS joins them", () => {
  for (const [server, key, address] of [
    ["rtmps://a.rtmps.youtube.com/live2", "abcd-efgh", "rtmps://a.rtmps.youtube.com/live2/abcd-efgh"],
    [" rtmp://live.example/app/ ", " key ", "rtmp://live.example/app/key"],
    [
      "rtmp://live-push.example/live-bvc/",
      "?streamname=live_1&key=k",
      "rtmp://live-push.example/live-bvc/?streamname=live_1&key=k",
    ],
    ["rtmp://live.example/app/key", "", "rtmp://live.example/app/key"],
    ["srt://live.example:9000", "#!::r=a", "srt://live.example:9000?streamid=%23!%3A%3Ar%3Da"],
    ["srt://live.example:9000?latency=200", "a", "srt://live.example:9000?latency=200&streamid=a"],
  ] as const)
    assert.equal(joinAddress(server, key), address);
});

test("an address that nobody changed is not sent, so that its key stays", () => {
  const shown = "rtmps://live.example/app/***";
  assert.equal(serverOf(shown), "rtmps://live.example/app");
  assert.equal(changedAddress(shown, "rtmps://live.example/app", ""), undefined);
  assert.equal(changedAddress(shown, "rtmps://live.example/app", "new"), "rtmps://live.example/app/new");
  assert.equal(changedAddress(shown, "rtmps://other.example/app", "new"), "rtmps://other.example/app/new");
  const srt = "srt://live.example:9000?streamid=***";
  assert.equal(changedAddress(srt, serverOf(srt), ""), undefined);
  assert.equal(changedAddress(null, "srt://live.example:9000", ""), "srt://live.example:9000");
});
