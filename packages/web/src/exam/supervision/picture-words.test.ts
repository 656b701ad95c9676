import assert from "node:assert/strict";
import { test } from "node:test";
import { dotOf, pictureWord } from "./picture-words.ts";

test("a picture that is open arrives only once it is live", () => {
  assert.equal(pictureWord({ phase: "on", connection: null }), "connecting");
  assert.equal(pictureWord({ phase: "on", connection: "live" }), "on");
  assert.equal(pictureWord({ phase: "stopped", connection: "live" }), "stopped");
});

test("the dot says the worst of what is wanted", () => {
  assert.equal(dotOf(["on", "on"]), "on");
  assert.equal(dotOf(["on", "opening"]), "connecting");
  assert.equal(dotOf(["connecting", "off"]), "off");
});
