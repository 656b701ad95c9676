import assert from "node:assert/strict";
import { test } from "node:test";
import { previewUrl } from "./seek-preview.ts";

const playlist = {
  url: "https://school.example/vod/abc.m3u8?sign=1",
  fragments: [
    { start: 0, programDateTime: 1_800_000_004_000 },
    // The publisher was disconnected for a minute.
    { start: 6, programDateTime: 1_800_000_070_000 },
  ],
};

test("a position maps to the thumbnail of its ten seconds of wall-clock time, across gaps", () => {
  const names = [0, 5.9, 6, 17].map((seconds) => previewUrl(playlist, seconds)?.split("/").at(-1));
  assert.deepEqual(names, ["still-1800000000.jpg", "still-1800000000.jpg", "still-1800000070.jpg", "still-1800000080.jpg"]);
  assert.equal(previewUrl(playlist, 0), "https://school.example/vod/still-1800000000.jpg");
});

test("without a playlist or without its times there is no thumbnail", () => {
  assert.equal(previewUrl(null, 3), null);
  assert.equal(previewUrl({ url: playlist.url, fragments: [] }, 3), null);
  assert.equal(previewUrl({ url: playlist.url, fragments: [{ start: 0, programDateTime: null }] }, 3), null);
});
