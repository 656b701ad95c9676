import assert from "node:assert/strict";
import { test } from "node:test";
import { anotherRung, heightsFor, rungsOf, rungsText, valuesOf, withHeight } from "./rung-values.ts";

test("the rungs of a form are the rungs of the ladder", () => {
  const rungs = [
    { name: "sd", height: 432, videoKbps: 700, audioKbps: null },
    { name: "audio", height: null, videoKbps: null, audioKbps: 48 },
  ];
  assert.deepEqual(rungsOf(rungsText(rungs)), rungs);
  assert.deepEqual(
    rungsOf(rungsText(null)).map(({ name, height, videoKbps }) => [name, height, videoKbps]),
    [
      ["480p", 480, 1000],
      ["audio", null, null],
    ],
  );
  assert.deepEqual(rungsOf(""), []);
});

test("another size changes the bits, and the name where it says the size", () => {
  const [rung] = valuesOf(rungsText(null));
  assert.ok(rung);
  assert.deepEqual(withHeight(rung, "720"), { name: "720p", height: "720", videoKbps: "2200", audioKbps: "" });
  assert.deepEqual(withHeight({ ...rung, name: "hd" }, "720").name, "hd");
  const sound = withHeight(rung, "");
  assert.deepEqual([sound.name, sound.height, sound.videoKbps], ["audio", "", ""]);
});

test("a size of the ladder's own can be kept, and a new rung has a size that is not there", () => {
  assert.deepEqual(heightsFor("432"), ["1080", "720", "480", "432", "360", "240"]);
  assert.deepEqual(heightsFor("480"), ["1080", "720", "480", "360", "240"]);
  const [rung] = valuesOf(rungsText(null));
  assert.ok(rung);
  assert.deepEqual(anotherRung([withHeight(rung, "1080"), withHeight(rung, "720")]).name, "480p");
});
