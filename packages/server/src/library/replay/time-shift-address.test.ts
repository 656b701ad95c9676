import assert from "node:assert/strict";
import { test } from "node:test";
import { RequestAddress } from "../../live/http/request-address.ts";
import { parseTimeShiftAddress, timeShiftPlaylistName } from "./time-shift-address.ts";

const parse = (url: string) => parseTimeShiftAddress(new RequestAddress(url));
const of = (url: string) => parse(url)?.shift;

test("what is live is somebody else's", () => {
  for (const url of [
    "/live/math.m3u8",
    "/live/math.flv?delay=low",
    "/live/math/abcdefghijkl/1-2.m4s",
    "/live/..%2fx.flv?time_delay=3",
    "/x",
  ])
    assert.equal(parse(url), null, url);
});

test("a delay in seconds; a window by ISO 8601 or Unix seconds", () => {
  assert.deepEqual(of("/live/math.m3u8?time_delay=60"), { kind: "delay", seconds: 60 });
  assert.deepEqual(of("/live/math.flv?start=1000&end=2000.5"), { kind: "window", from: 1_000_000, to: 2_000_500 });
  const iso = of("/live/math.m3u8?start=2026-11-20T09:00:00%2B08:00&end=2026-11-20T01:10Z");
  assert.deepEqual(iso, { kind: "window", from: Date.UTC(2026, 10, 20, 1), to: Date.UTC(2026, 10, 20, 1, 10) });
  assert.deepEqual(of("/live/math.m3u8?start=1000"), { kind: "window", from: 1_000_000, to: null });
});

test("what makes no sense is said to", () => {
  for (const query of [
    "time_delay=-1",
    "time_delay=",
    "time_delay=x",
    "time_delay=1e9",
    "time_delay=5&start=3",
    "start=2000&end=1000",
    "start=5&end=5",
    "end=5",
    "start=yesterday",
    "start=5&end=x",
  ])
    assert.equal(of(`/live/math.m3u8?${query}`), null, query);
});

test("a media playlist's name says what it is of", () => {
  for (const shift of [
    { kind: "delay", seconds: 90 },
    { kind: "window", from: 1_000_000, to: 2_000_500 },
    { kind: "window", from: 1_000_000, to: null },
  ] as const)
    assert.deepEqual(of(`/live/math/abcdefghijkl/${timeShiftPlaylistName(shift)}`), shift);
});
