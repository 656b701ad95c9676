import assert from "node:assert/strict";
import { test } from "node:test";
import { mediaPlaylistAddress, stillAddress } from "./still-address.ts";

test("the media playlist is the first address that the multivariant playlist lists, below its own", () => {
  const text = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=800000\nID/s/SESSION/EPOCH/index.m3u8\n";
  assert.equal(
    mediaPlaylistAddress(text, "https://school.example/vod/ID.m3u8?sign=x"),
    "https://school.example/vod/ID/s/SESSION/EPOCH/index.m3u8",
  );
  assert.equal(mediaPlaylistAddress("#EXTM3U\n", "https://school.example/vod/ID.m3u8"), null);
});

test("a still is the one of the ten seconds of the clock in which the moment lies, beside the playlist", () => {
  const playlist = "https://school.example/vod/s/abc/index.m3u8?token=x";
  const startedAt = "2027-01-15T08:00:04.500Z";
  const names = [0, 5.4, 5.5, 60].map((seconds) => stillAddress(playlist, startedAt, seconds));
  const at = Date.parse("2027-01-15T08:00:00Z") / 1000;
  assert.deepEqual(
    names,
    [0, 0, 10, 60].map((more) => `https://school.example/vod/s/abc/still-${at + more}.jpg`),
  );
});
