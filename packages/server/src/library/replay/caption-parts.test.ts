/** Subtitles of a recording: WebVTT segments at the times of the media, over its breaks. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { SpokenCaption } from "../../contracts/rooms/room-replay.ts";
import type { Timeline } from "../files/timeline.ts";
import { captionPart, captionPlaylist, captionsOf } from "./caption-parts.ts";

const BEGIN = Date.UTC(2026, 10, 23, 8);

type Run = { readonly epoch: string; readonly from: number; readonly count: number; readonly utc: number };

/** Of segments of 20 s; each run is a stream of its own, whose time begins again at `from`. */
function timelineOf(runs: readonly Run[]): Timeline {
  const segments = runs.flatMap(({ epoch, from, count, utc }, run) =>
    Array.from({ length: count }, (_, i) => ({
      term: 1,
      msn: i + 1,
      seconds: from + i * 20,
      duration: 20,
      discontinuities: run,
      utc: BEGIN + utc + i * 20_000,
      file: { line: { epoch } },
    })),
  );
  const timeline: unknown = {
    length: segments.length,
    segment: (number: number) => segments[number] ?? null,
    startOf: (number: number) => number * 20,
  };
  return timeline as Timeline;
}

const said = (at: number, text: string, length = 2000): SpokenCaption => ({
  at: BEGIN + at,
  length,
  storedAt: BEGIN + at + length,
  text,
  language: "en",
});
const two = () =>
  timelineOf([
    { epoch: "first", from: 100, count: 5, utc: 0 },
    { epoch: "other", from: 7, count: 1, utc: 200_000 },
  ]);
const cuesOf = (text: string | null) =>
  text
    ?.split("\n\n")
    .slice(1)
    .map((cue) => cue.trim().split("\n"));

test("a playlist has a segment for a minute, and begins another where the media has a break", () => {
  const lines = captionPlaylist(two(), "first").split("\n");
  assert.deepEqual(lines, [
    "#EXTM3U",
    "#EXT-X-VERSION:7",
    "#EXT-X-TARGETDURATION:60",
    "#EXT-X-PLAYLIST-TYPE:VOD",
    "#EXT-X-MEDIA-SEQUENCE:0",
    "#EXT-X-PROGRAM-DATE-TIME:2026-11-23T08:00:00.000Z",
    "#EXTINF:60.00000,",
    "captions-1-1.vtt",
    "#EXTINF:40.00000,",
    "captions-1-4.vtt",
    "#EXT-X-DISCONTINUITY",
    "#EXT-X-PROGRAM-DATE-TIME:2026-11-23T08:03:20.000Z",
    "#EXTINF:20.00000,",
    "../other/captions-1-1.vtt",
    "#EXT-X-ENDLIST",
    "",
  ]);
});

test("cues are at the times of the media's samples; one that lasts over the end of its segment is in the next one too", () => {
  const captions = [said(1000, "first"), said(59_000, "over the end", 3000), said(150_000, "in the pause"), said(203_000, "later")];
  const timeline = two();
  assert.deepEqual(cuesOf(captionPart(timeline, 0, captions)), [
    ["00:01:41.000 --> 00:01:43.000", "first"],
    ["00:02:39.000 --> 00:02:42.000", "over the end"],
  ]);
  assert.deepEqual(cuesOf(captionPart(timeline, 3, captions)), [["00:02:39.000 --> 00:02:42.000", "over the end"]]);
  assert.deepEqual(cuesOf(captionPart(timeline, 5, captions)), [["00:00:10.000 --> 00:00:12.000", "later"]]);
  // In the middle of a part, and beyond the end.
  for (const number of [1, 6, -1]) assert.equal(captionPart(timeline, number, captions), null);
});

test("a recording in which nothing was said has no subtitles", () => {
  const timeline = two();
  assert.deepEqual(captionsOf(timeline, [said(1000, "first")], "id/first"), { language: "en", uri: "id/first/captions.m3u8" });
  for (const none of [[], [said(-5000, "before")], [said(150_000, "in the pause")]])
    assert.equal(captionsOf(timeline, none, "x"), null);
});
