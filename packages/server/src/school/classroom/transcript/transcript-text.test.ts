/** Transcripts as files: WebVTT, SubRip, plain text. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { transcriptText } from "./transcript-text.ts";

const line = (start: number, end: number, text: string) => ({ ref: "", start, end, text, language: "" });
const LINES = [
  line(1.5, 3.25, "One < two & three -->"),
  line(4, 5, "And four."),
  line(3723.0005, 3724, "早上好。"),
  line(3724, 3725, "请坐。"),
];

test("WebVTT has a cue for each line, and nothing in its text is a tag or an arrow", () => {
  assert.equal(
    transcriptText(LINES.slice(0, 2), "vtt"),
    "WEBVTT\n\n00:00:01.500 --> 00:00:03.250\nOne &lt; two &amp; three --&gt;\n\n00:00:04.000 --> 00:00:05.000\nAnd four.\n",
  );
  assert.equal(transcriptText([], "vtt"), "WEBVTT\n");
});

test("SubRip counts its lines and has commas in its times", () => {
  assert.match(transcriptText(LINES, "srt"), /\n3\n01:02:03,001 --> 01:02:04,000\n早上好。\n/);
});

test("the plain text has a paragraph for each part between pauses, with its time, and no spaces between Chinese sentences", () => {
  assert.equal(transcriptText(LINES, "txt"), "[00:00:01] One < two & three --> And four.\n\n[01:02:03] 早上好。请坐。\n");
  assert.equal(transcriptText([], "txt"), "");
});
