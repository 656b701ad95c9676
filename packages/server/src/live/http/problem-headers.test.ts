import assert from "node:assert/strict";
import { test } from "node:test";
import { problemHeaders } from "./problem-headers.ts";

test("an answer says which tracks nobody can decode, also to pages of other sites", () => {
  assert.deepEqual(problemHeaders({ video: null, audio: null }, "etag"), {});
  assert.deepEqual(problemHeaders({ video: "nal-lengths", audio: "aac-frames" }), {
    "lectern-problem": "video=nal-lengths, audio=aac-frames",
    "access-control-expose-headers": "lectern-problem",
  });
  assert.deepEqual(problemHeaders({ video: null, audio: "aac-frames" }, "etag"), {
    "lectern-problem": "audio=aac-frames",
    "access-control-expose-headers": "etag, lectern-problem",
  });
});
