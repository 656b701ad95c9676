import assert from "node:assert/strict";
import { test } from "node:test";
import { previewUrl, secondsAt, utcAt } from "./seek-preview.ts";

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

test("a wall-clock time maps to its position; one at which nothing was taken to what came next, and one before to the beginning", () => {
  const at = (utc: number) => secondsAt(playlist, 1_800_000_000_000 + utc);
  assert.deepEqual([at(5500), at(71_000), at(40_000), at(0)], [1.5, 7, 6, 0]);
  assert.equal(secondsAt(playlist, utcAt(playlist, 4.5) ?? 0), 4.5);
  assert.equal(secondsAt(null, 0), null);
  assert.equal(secondsAt({ url: playlist.url, fragments: [{ start: 0, programDateTime: null }] }, 0), null);
});
