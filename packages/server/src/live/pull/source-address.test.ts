import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { addressOf, isPassive, isProblem, readAddress } from "./source-address.ts";

const codeOf = (text: string) => {
  const address = readAddress(text);
  return isProblem(address) ? address.code : address.kind;
};

test("the scheme tells who speaks to it", () => {
  for (const [text, kind] of [
    ["rtmp://host/live/a", "rtmp"],
    ["rtmps://host:444/live/a?key=1", "rtmp"],
    ["http://host/live/a.flv", "http"],
    ["https://host/live/a.m3u8", "http"],
    ["rtsp://user:pass@10.0.0.7/stream", "rtsp"],
    ["srt://host:9000", "srt"],
    ["udp://239.1.1.1:5000", "udp"],
    ["file:lesson.mp4", "file"],
    ["ftp://host/a", "unsupported"],
    ["nonsense", "unsupported"],
    ["", "unsupported"],
  ] as const)
    assert.equal(codeOf(text), kind, text);
});

test("RTSP loses the transport, which is ours, and keeps its own parameters as they are written", () => {
  const address = readAddress("rtsp://u:p%40@cam:8554/a?channel=1&transport=udp&x=%2F");
  assert.ok(!isProblem(address) && address.kind === "rtsp");
  assert.deepEqual([address.url.href, address.transport], ["rtsp://u:p%40@cam:8554/a?channel=1&x=%2F", "udp"]);
  const plain = readAddress("rtsp://cam/a");
  assert.ok(!isProblem(plain) && plain.kind === "rtsp");
  assert.deepEqual([plain.url.href, plain.transport], ["rtsp://cam/a", "tcp"]);
  assert.equal(codeOf("rtsp://cam/a?transport=multicast"), "unsupported");
});

test("SRT: stream ids may be escaped or not; latency is in milliseconds", () => {
  for (const id of ["#!::r=live/x,m=request", "%23!::r=live%2Fx,m=request"]) {
    const address = readAddress(`srt://host:9000?streamid=${id}&passphrase=a%26b&latency=200&pbkeylen=32`);
    assert.ok(!isProblem(address) && address.kind === "srt");
    assert.deepEqual(address.options, { streamId: "#!::r=live/x,m=request", passphrase: "a&b", keyBytes: 32, latencyMs: 200 });
    assert.deepEqual([address.mode, address.host, address.port, isPassive(address)], ["caller", "host", 9000, false]);
  }
  const listener = readAddress("srt://0.0.0.0:9000?mode=listener");
  assert.ok(!isProblem(listener) && isPassive(listener));
  for (const wrong of [
    "srt://host",
    "srt://h:1?mode=rendezvous",
    "srt://0.0.0.0:80?mode=listener",
    "srt://h:1?latency=120000",
    "srt://h:1?latency=x",
    "srt://h:1?pbkeylen=8",
  ])
    assert.equal(codeOf(wrong), "unsupported", wrong);
});

test("a file's name is below the folder, with or without slashes before it", () => {
  for (const [text, path] of [
    ["file:lessons/a%20b.mp4", "lessons/a b.mp4"],
    ["file:/lessons/a.mp4", "/lessons/a.mp4"],
    ["file:///lessons/a.mp4", "/lessons/a.mp4"],
  ] as const) {
    const address = readAddress(text);
    assert.ok(!isProblem(address) && address.kind === "file");
    assert.equal(address.path, path);
  }
  assert.equal(codeOf("file:a%00b"), "unsupported");
});

test("any text is an address or a problem", () => {
  fc.assert(fc.property(fc.webUrl({ withQueryParameters: true }), (text) => void readAddress(text.replace("http", "srt"))));
  fc.assert(fc.property(fc.string(), (text) => void readAddress(`srt://h:1?${text}`)));
});

test("where a URL leads: the checked address, with the scheme's port", async () => {
  assert.deepEqual(await addressOf(new URL("rtmp://127.0.0.1/a/b"), ["127.0.0.1"]), { host: "127.0.0.1", port: 1935 });
  assert.deepEqual(await addressOf(new URL("rtmps://8.8.8.8/a/b"), []), { host: "8.8.8.8", port: 443 });
  assert.deepEqual(await addressOf(new URL("srt://localhost:9000"), ["127.0.0.0/8"]), { host: "127.0.0.1", port: 9000 });
  const refused = await addressOf(new URL("rtmp://localhost/a/b"), []);
  assert.equal("code" in refused && refused.code, "not-allowed");
  const unknown = await addressOf(new URL("rtmp://there-is-no-such-host.invalid/a/b"), []);
  assert.equal("code" in unknown && unknown.code, "unreachable");
});
