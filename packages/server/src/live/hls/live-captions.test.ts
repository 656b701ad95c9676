/** Captions of a live lesson as subtitles: which line is in which segment, at which time, and when the control process is asked. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import type { SpokenCaption } from "../../contracts/rooms/room-replay.ts";
import { liveCaptionPlaylist } from "./caption-playlist.ts";
import { LiveCaptions, type LiveCaptionsOptions } from "./live-captions.ts";
import type { IndexedSegment } from "./segment-index.ts";

const BEGIN = Date.UTC(2026, 10, 23, 8);

type Lesson = ReturnType<LiveCaptionsOptions["lessonOf"]>;

/** Of 2 s; the first begins at 100 s of the stream's time. */
function segment(msn: number): IndexedSegment {
  const head = {
    term: 1,
    msn,
    utc: BEGIN + msn * 2000,
    discontinuity: 0,
    time: 0,
    start: { video: (100 + msn * 2) * 90_000, audio: null },
  };
  const found: unknown = { source: { head, context: {} }, parts: [], duration: 2, whole: true };
  return found as IndexedSegment;
}

const said = (storedAt: number, text: string, late = 1500): SpokenCaption => ({
  at: BEGIN + storedAt - late - 3000,
  length: 3000,
  storedAt: BEGIN + storedAt,
  text,
  language: "en",
});

const gzipped = (captions: readonly SpokenCaption[]) => gzipSync(JSON.stringify({ captions })).toString("base64");

function captionsOf(captions: readonly SpokenCaption[], now: () => number, lesson: Lesson = { lessonId: "l1", captions: true }) {
  const asked: (number | undefined)[] = [];
  const live = new LiveCaptions({
    lessonOf: (_app, name) => (name === "lesson" ? lesson : null),
    language: () => "en",
    ask: async (request) => {
      asked.push(request.kind === "captions" ? request.since : undefined);
      return { kind: "file", gzip: gzipped(captions) };
    },
    now,
  });
  return { live, asked };
}

test("a line is in the segment during which it was written, from then on, and in no other", async () => {
  const captions = [
    said(1999, "before"),
    said(2500, "one"),
    said(3999, "two"),
    said(4000, "after"),
    said(3000, "corrected", 60_000),
  ];
  const { live } = captionsOf(captions, () => BEGIN + 60_000);
  const text = await live.part("live", "lesson", segment(1));
  assert.deepEqual(text?.split("\n\n").slice(1), ["00:01:42.500 --> 00:01:45.500\none", "00:01:43.999 --> 00:01:46.999\ntwo\n"]);
  assert.match((await live.part("live", "lesson", segment(9))) ?? "", /^WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00\.000\n$/);
  assert.equal(await live.part("live", "other", segment(1)), null);
});

test("an answer from before the end of a segment is asked for again, and one from after it serves all", async () => {
  let now = BEGIN + 4600;
  const { live, asked } = captionsOf([said(2500, "one")], () => now);
  await Promise.all([live.part("live", "lesson", segment(1)), live.part("live", "lesson", segment(0))]);
  assert.equal(asked.length, 1);
  now += 2000;
  await live.part("live", "lesson", segment(2));
  await live.part("live", "lesson", segment(1));
  assert.equal(asked.length, 2);
});

test("a multivariant playlist names subtitles where captions are on; who has joined before they were switched off gets empty segments", async () => {
  const on = captionsOf([said(2500, "one")], () => BEGIN).live;
  assert.deepEqual(on.subtitles("live", "lesson", "lesson/s/x"), { language: "en", uri: "lesson/s/x/captions.m3u8" });
  assert.equal(on.subtitles("live", "other", "other/s/x"), null);
  const off = captionsOf([said(2500, "one")], () => BEGIN + 60_000, { lessonId: "l1" });
  assert.equal(off.live.subtitles("live", "lesson", "x"), null);
  assert.match((await off.live.part("live", "lesson", segment(1))) ?? "", /^WEBVTT\n[^\n]*\n$/);
  assert.deepEqual(off.asked, []);
});

test("where the control process is unreachable a segment is refused, and asked for again", async () => {
  const answers = [
    Promise.reject(new Error("away")),
    Promise.resolve({ kind: "file" as const, gzip: gzipped([said(2500, "one")]) }),
  ];
  const lessonOf = () => ({ lessonId: "l1", captions: true as const });
  const ask = async () => await (answers.shift() ?? Promise.reject(new Error("asked too often")));
  const live = new LiveCaptions({ lessonOf, language: () => "", ask, now: () => BEGIN + 60_000 });
  await assert.rejects(live.part("live", "lesson", segment(1)), /away/);
  assert.match((await live.part("live", "lesson", segment(1))) ?? "", /\none\n$/);
});

test("the playlist has a segment beside each of the media", () => {
  const lines = liveCaptionPlaylist([segment(4), segment(5)], "../../epoch/", 2, false).split("\n");
  assert.deepEqual(
    lines.filter((line) => line.endsWith(".vtt") || line.startsWith("#EXT-X-MEDIA-SEQUENCE")),
    ["#EXT-X-MEDIA-SEQUENCE:4", "../../epoch/captions-1-4.vtt", "../../epoch/captions-1-5.vtt"],
  );
});
