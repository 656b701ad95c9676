import assert from "node:assert/strict";
import { test } from "node:test";
import { cueClock, writeWebVtt, writeWebVttSegment } from "./webvtt.ts";

test("a file has a cue for each line, and nothing in its text is a tag, an arrow or the end of the cue", () => {
  const cues = [
    { start: 1.5, end: 3.25, text: "One < two & three -->" },
    { start: 4, end: 5, text: "two\n\nlines" },
  ];
  assert.equal(
    writeWebVtt(cues),
    "WEBVTT\n\n00:00:01.500 --> 00:00:03.250\nOne &lt; two &amp; three --&gt;\n\n00:00:04.000 --> 00:00:05.000\ntwo lines\n",
  );
  assert.equal(writeWebVtt([]), "WEBVTT\n");
});

test("a segment says that its times are those of the media, also where it has no cue", () => {
  assert.equal(writeWebVttSegment([]), "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n");
  assert.match(
    writeWebVttSegment([{ start: 1, end: 2, text: "a" }]),
    /^WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00\.000\n\n00:00:01\.000 --> 00:00:02\.000\na\n$/,
  );
});

test("a clock has hours of two digits and more", () => {
  assert.deepEqual(
    [0, 3723.0005, 360_000.25].map((seconds) => cueClock(seconds)),
    ["00:00:00.000", "01:02:03.001", "100:00:00.250"],
  );
  assert.equal(cueClock(1.5, ","), "00:00:01,500");
});
