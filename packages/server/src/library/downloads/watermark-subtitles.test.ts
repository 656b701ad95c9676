/** The subtitles that burn a watermark into a download: where the text stands, and that no name is more than a text. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { escapeLine, watermarkLines } from "../encoding/subtitle-text.ts";
import { watermarkStays } from "./watermark-positions.ts";
import { watermarkSubtitles } from "./watermark-subtitles.ts";

const PICTURE = { width: 1280, height: 720 };
const random = () => Math.random();
const eventsOf = (ass: string) => ass.split("\n").filter((line) => line.startsWith("Dialogue: "));

test("every moment of a file has two copies, half of the room apart, and stays follow each other without a gap", () => {
  const copy = { width: 300, height: 40 };
  const stays = watermarkStays(7200, PICTURE, copy, random);
  assert.equal(stays[0]?.from, 0);
  assert.ok((stays.at(-1)?.to ?? 0) > 7200);
  for (const [i, { from, to, corners }] of stays.entries()) {
    assert.ok(to - from >= 20 && to - from <= 40, `${to - from} s`);
    assert.equal(stays[i + 1]?.from ?? to, to);
    const [one = assert.fail(), other = assert.fail()] = corners;
    for (const { left, top } of corners) {
      assert.ok(left >= 0 && left + copy.width <= PICTURE.width, `left ${left}`);
      assert.ok(top >= 0 && top + copy.height <= PICTURE.height, `top ${top}`);
    }
    assert.ok(Math.abs(one.left - other.left) > 400 && Math.abs(one.top - other.top) > 250, JSON.stringify(corners));
  }
});

test("a name cannot leave its event, its line or its style", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 250 }), (text) => {
      const ass = watermarkSubtitles({ text: `${text} 7KQ2XM`, opacity: 0.4 }, PICTURE, 10, random);
      const head = ass.slice(0, ass.indexOf("[Events]"));
      assert.equal(head.includes("7KQ2XM"), false);
      const behind = ass.slice(ass.indexOf("[Events]")).split("\n").slice(2, -1);
      for (const line of behind) {
        assert.match(line, /^Dialogue: [01],\d+:\d\d:\d\d\.\d\d,\d+:\d\d:\d\d\.\d\d,Mark,,0,0,0,,\{\\pos\(\d+,\d+\)\}/);
        const shown = line.slice(line.indexOf(")}") + 2);
        // Braces are escaped, and a backslash is followed by a brace, by the end of a line, or by the joiner.
        assert.equal(/(?<!\\)[{}]/.test(shown), false, shown);
        assert.equal(/\\(?![{}N\u2060])/.test(shown), false, shown);
      }
    }),
  );
});

test("what looks like a command of a subtitle or of a filter is shown as it is", () => {
  assert.equal(escapeLine("a{\\pos(1,1)}b"), "a\\{\\\u2060pos(1,1)\\}b");
  assert.equal(escapeLine("x\\Ny"), "x\\\u2060Ny");
  assert.equal(escapeLine("%{pts}:'\""), "%\\{pts\\}:'\"");
});

test("digits behind a name that is written from right to left stay behind it", () => {
  assert.equal(escapeLine("محمد علي 7KQ2XM"), "محمد علي\u200e 7KQ2XM");
  assert.equal(escapeLine("王小明 7KQ2XM"), "王小明 7KQ2XM");
});

test("a long text is broken between words, Chinese anywhere, and characters that turn a text round are left out", () => {
  assert.deepEqual(watermarkLines("one two three", 6), ["one two", "three"]);
  assert.deepEqual(watermarkLines("王小明王小明", 3), ["王小明", "王小明"]);
  assert.deepEqual(watermarkLines("a\u202eb\nc\r\u0000d", 100), ["a b c d"]);
  const lines = watermarkLines("x".repeat(200), 10);
  assert.equal(lines.join(""), "x".repeat(200));
  assert.ok(lines.every((line) => line.length * 0.68 <= 10));
});

test("opacity is the share of the text over the picture", () => {
  assert.match(watermarkSubtitles({ text: "x", opacity: 1 }, PICTURE, 1, random), /&H00FFFFFF/);
  assert.match(watermarkSubtitles({ text: "x", opacity: 0.4 }, PICTURE, 1, random), /&H99FFFFFF/);
  assert.equal(eventsOf(watermarkSubtitles({ text: "x", opacity: 1 }, PICTURE, 3600, random)).length % 2, 0);
});
