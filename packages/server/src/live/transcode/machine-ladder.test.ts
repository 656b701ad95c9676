import assert from "node:assert/strict";
import { test } from "node:test";
import { machineLadder } from "./machine-ladder.ts";

test("a machine with cores to spare and ffmpeg offers a data saver, another one nothing that it could not make", () => {
  assert.equal(machineLadder({ cores: 4, hasFfmpeg: true }), "data-saver");
  assert.equal(machineLadder({ cores: 64, hasFfmpeg: true }), "data-saver");
  assert.equal(machineLadder({ cores: 2, hasFfmpeg: true }), "none");
  assert.equal(machineLadder({ cores: 64, hasFfmpeg: false }), "none");
});
