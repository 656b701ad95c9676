/** Addresses of sources and forwards: which are valid, which are for operators, and what becomes of those that come back covered. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { shownAddress } from "../../../platform/shown-url.ts";
import { isForOperators, isForwardAddress, isSourceAddress, shownForward, withStored } from "./addresses.ts";

test("a source has the address of a server, a camera, a network or a file", () => {
  for (const address of [
    "rtmp://host/app/name",
    "rtmps://user:password@host:443/app/name?token=x",
    "http://10.0.0.7:8080/live.flv",
    "https://[2001:db8::1]/live.m3u8",
    "srt://host:9000?streamid=#!::r=live/x,m=request&passphrase=0123456789",
    "srt://0.0.0.0:9000?mode=listener",
    "rtsp://admin:p%40ss@camera/Streaming/Channels/101",
    "rtsp://camera",
    "udp://@239.1.1.1:5000",
    "file:lessons/one.mp4",
    "file:第一课.mp4",
    "gb28181://34020000001180000001/34020000001310000001",
  ])
    assert.equal(isSourceAddress(address), true, address);
});

test("what is no complete address of a known scheme is none", () => {
  for (const address of [
    "",
    "camera",
    "/etc/passwd",
    "ftp://host/live.flv",
    "concat:a|b",
    "javascript:alert(1)",
    "rtmp://host",
    "rtmp://host/",
    "rtmp:///app/name",
    "srt://host",
    "udp://239.1.1.1",
    "http://",
    "http://ho st/live.flv",
    " rtmp://host/app/name",
    "rtmp://host/app/\nname",
    "file:",
    "file:lessons/",
    "file:../secret.mp4",
    "file:lessons/../../secret.mp4",
    "file:lessons/%2e%2e/secret.mp4",
    "file:lessons\\..\\secret.mp4",
    "gb28181://34020000001180000001",
    "gb28181://34020000001180000001/1",
    "gb28181://user@34020000001180000001/34020000001310000001",
  ])
    assert.equal(isSourceAddress(address), false, address);
});

test("a stream is sent on to a server that this one calls", () => {
  for (const address of ["rtmp://host/app/key", "rtmps://host:443/app/key?x=1", "srt://host:9000", "srt://host:9000?mode=caller"])
    assert.equal(isForwardAddress(address), true, address);
  for (const address of [
    "https://host/app/key",
    "rtsp://host/key",
    "udp://239.1.1.1:5000",
    "file:one.mp4",
    "srt://0.0.0.0:9000?mode=listener",
    "srt://host:9000?streamid=#!::x&mode=listener",
    "srt://host:9000?mode=rendezvous",
    "srt://host:9000?mode=caller&mode=listener",
    "srt://host:9000?%6dode=listener",
  ])
    assert.equal(isForwardAddress(address), false, address);
});

test("files, UDP and SRT that listens are for operators", () => {
  for (const address of ["file:one.mp4", "FILE:one.mp4", "udp://239.1.1.1:5000", "srt://0.0.0.0:9000?latency=20&mode=listener"])
    assert.equal(isForOperators(address), true, address);
  for (const address of ["rtmp://host/a/b", "srt://host:9000?mode=caller", "srt://host:9000", "https://host/mode=listener"])
    assert.equal(isForOperators(address), false, address);
});

test("of an address that comes back as it was shown, the stored one stays, in any order", () => {
  const stored = ["rtsp://a:1@one/x", "rtmp://two/app/x?key=2", "https://three/x.m3u8"];
  const shown = stored.map((address) => shownAddress(address));
  assert.deepEqual(withStored(shown, stored), stored);
  assert.deepEqual(withStored(shown.toReversed(), stored), stored.toReversed());
  assert.deepEqual(withStored([shown[1]!, "rtmp://four/app/x"], stored), [stored[1], "rtmp://four/app/x"]);
  const twins = ["rtsp://a:1@camera/x", "rtsp://b:2@camera/x"];
  assert.deepEqual(withStored(twins.map(shownAddress), twins), twins, "the place tells apart what looks the same");
});

test("a covered secret goes to no other host, and is no secret itself", () => {
  const stored = ["rtsp://admin:secret@camera/x?token=t"];
  assert.deepEqual(withStored(["rtsp://***@elsewhere/x?token=***"], stored), { covered: 0 });
  assert.deepEqual(withStored(["https://fine/x.flv", "rtsp://***@camera/y?token=***"], stored), { covered: 1 });
  assert.deepEqual(withStored(["rtsp://***@camera/x?token=***"], []), { covered: 0 });
  assert.deepEqual(withStored(["rtsp://***@camera/x?token=***"], stored), stored);
});

test("the key of a forward is covered where services take it: in the path, in the query, and as the stream's id", () => {
  for (const [address, shown] of [
    ["rtmp://a.live.example/live2/abcd-efgh", "rtmp://a.live.example/live2/***"],
    ["rtmps://user:pw@host:443/app/inst/KEY?sign=1&a=b", "rtmps://***@host:443/app/inst/***?sign=***&a=b"],
    ["rtmp://host/app", "rtmp://host/***"],
    ["rtmp://host/app/key#1", "rtmp://host/app/***"],
    ["rtmp://host/app/key/", "rtmp://host/app/***"],
    ["rtmp://host/app/key?x=a/b", "rtmp://host/app/***?x=a/b"],
    ["srt://host:9000?streamid=publish:KEY&passphrase=0123456789", "srt://host:9000?streamid=***&passphrase=***"],
  ] as const)
    assert.equal(shownForward(address), shown);
});

test("whatever the key of a forward is, it is not shown, and what is shown stands for it", () => {
  const key = fc.string({ unit: fc.constantFrom(..."abcXYZ0189-_=%#:@"), minLength: 8, maxLength: 30 }).map((text) => `K${text}`);
  fc.assert(
    fc.property(key, (secret) => {
      const url = `rtmp://host/app/${secret}`;
      assert.ok(!shownForward(url).includes(secret), shownForward(url));
      assert.deepEqual(withStored([shownForward(url)], [url], shownForward), [url]);
    }),
  );
});
