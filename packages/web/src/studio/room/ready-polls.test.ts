/** Polls that are ready to be opened. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Translate } from "../../texts/text-key.ts";
import { isReadyPoll, READY_POLLS, readyPoll } from "./ready-polls.ts";

const t = ((key: string) => `<${key}>`) as Translate;

test("each poll has from two to five options, and is known again as a quiz", () => {
  for (const name of READY_POLLS) {
    const { text, options } = readyPoll(name, t);
    assert.ok(options.length >= 2 && options.length <= 5, name);
    assert.equal(isReadyPoll({ type: "single", text: text ?? "", options }, t), true, name);
  }
});

test("a quiz of the teacher's own is none of them", () => {
  const { options } = readyPoll("scale", t);
  assert.equal(isReadyPoll({ type: "single", text: "How many?", options }, t), false);
  assert.equal(isReadyPoll({ type: "multiple", text: "", options }, t), false);
  assert.equal(isReadyPoll({ type: "single", text: "", options: ["A", "B"] }, t), false);
});
