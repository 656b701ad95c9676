import assert from "node:assert/strict";
import { test } from "node:test";
import { streamAddresses } from "../supervise/stream-addresses.ts";
import { writeFragment } from "./sdp-fragment.ts";
import { WhipStatistics } from "./whip-statistics.ts";

test("candidates become a fragment with the credentials and the lines of their media", () => {
  const sdp =
    "v=0\r\na=ice-ufrag:abcd\r\na=ice-pwd:secret\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\n";
  assert.equal(
    writeFragment(sdp, [{ candidate: "candidate:1 1 udp 1 192.0.2.1 5 typ host", mid: "1" }]),
    "a=ice-ufrag:abcd\r\na=ice-pwd:secret\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\na=candidate:1 1 udp 1 192.0.2.1 5 typ host\r\n",
  );
});

test("addresses follow the server's scheme, and the key is escaped", () => {
  assert.deepEqual(streamAddresses("https://school.example:8443/live/math/", "a&b"), {
    whip: "https://school.example:8443/live/math/whip",
    webSocket: "wss://school.example:8443/live/math/publish?key=a%26b",
    probe: "wss://school.example:8443/live/math/publish/probe?key=a%26b",
  });
  assert.match(streamAddresses("http://127.0.0.1:1/live/x", "k").webSocket, /^ws:/);
});

test("rates are of the time between two readings, and pictures that were captured and not encoded are counted", () => {
  const statistics = new WhipStatistics();
  const at = (bytesSent: number, frames: number, framesEncoded: number) => [
    {
      type: "outbound-rtp",
      kind: "video",
      bytesSent,
      framesEncoded,
      framesPerSecond: 25,
      frameWidth: 640,
      frameHeight: 360,
      targetBitrate: 900_000,
    },
    { type: "outbound-rtp", kind: "audio", bytesSent: 1000 },
    { type: "media-source", kind: "video", frames },
    { type: "media-source", kind: "audio", audioLevel: 0.25 },
    { type: "remote-inbound-rtp", kind: "video", roundTripTime: 0.04, fractionLost: 0.05 },
  ];
  assert.equal(statistics.read(at(0, 0, 0), 1000).kbps, null);
  const read = statistics.read(at(125_000, 30, 20), 2000);
  assert.deepEqual([read.kbps, read.targetKbps, read.droppedFrames, read.rttMs, read.lossPercent], [1000, 900, 10, 40, 5]);
  assert.deepEqual([read.fps, read.width, read.height, read.audioLevel], [25, 640, 360, 0.25]);
});
