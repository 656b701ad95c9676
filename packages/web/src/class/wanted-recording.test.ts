import assert from "node:assert/strict";
import { test } from "node:test";
import { wantedRecording } from "./wanted-recording.ts";

test("an address names a recording, its second and what is searched in it; a second that is no number is none", () => {
  assert.deepEqual(wantedRecording(""), { id: null, startAt: null, find: "" });
  assert.deepEqual(wantedRecording("?recording=r1&t=0&find=%E6%96%9C%E8%BE%B9"), { id: "r1", startAt: 0, find: "斜边" });
  assert.deepEqual(
    ["12.5", "soon", "Infinity"].map((t) => wantedRecording(`?t=${t}`).startAt),
    [12.5, null, null],
  );
});
