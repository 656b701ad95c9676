import assert from "node:assert/strict";
import { test } from "node:test";
import { mediaAddress, rewindRange, rewoundSource, sameOriginPath } from "./media-address.ts";

test("a stream's address takes the parameters of a signed link and the delay from the page, and no others", () => {
  const query = new URLSearchParams("lang=zh&expires=1&sign=ab&viewer=v&ip=10.0.0.1&delay=low&muted=1");
  assert.equal(mediaAddress("math", query), "/live/math.flv?expires=1&sign=ab&ip=10.0.0.1&viewer=v&delay=low");
  assert.equal(mediaAddress("math", new URLSearchParams("lang=zh")), "/live/math.flv");
  assert.equal(mediaAddress("a b/c", new URLSearchParams()), "/live/a%20b%2Fc.flv");
});

test("an absolute address is reduced to its path, since the browser may know the server by another name", () => {
  assert.equal(sameOriginPath("https://inside.example:8443/live/x.flv?sign=1"), "/live/x.flv?sign=1");
  assert.equal(sameOriginPath("/vod/x.m3u8?sign=1", "https://school.example/j/x"), "/vod/x.m3u8?sign=1");
});

test("a rewind covers the lesson from its start, at most an hour of it, and starts 15 seconds back", () => {
  const now = Date.parse("2026-03-02T10:00:00Z");
  assert.deepEqual(rewindRange("2026-03-02T09:50:00Z", now), { from: "2026-03-02T09:50:00.000Z", startSeconds: 585 });
  assert.deepEqual(rewindRange("2026-03-02T08:00:00Z", now), { from: "2026-03-02T09:01:40.000Z", startSeconds: 3485 });
  assert.deepEqual(rewindRange(null, now), { from: "2026-03-02T09:01:40.000Z", startSeconds: 3485 });
  assert.equal(rewindRange("2026-03-02T09:59:55Z", now).startSeconds, 0);
});

test("what was live at a time is in a playlist that begins ten minutes before, an hour ago at the earliest, with the stream's link", () => {
  const now = Date.parse("2026-03-02T10:00:00Z");
  const media = "/live/math.flv?expires=1&sign=ab&delay=low";
  assert.deepEqual(rewoundSource(media, now - 30_000, now), {
    address: "/live/math.m3u8?expires=1&sign=ab&start=2026-03-02T09%3A49%3A30.000Z",
    startSeconds: 600,
  });
  assert.deepEqual(rewoundSource("/live/math.flv", now - 3_400_000, now), {
    address: "/live/math.m3u8?start=2026-03-02T09%3A01%3A40.000Z",
    startSeconds: 100,
  });
});
