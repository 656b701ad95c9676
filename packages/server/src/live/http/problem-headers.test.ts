import assert from "node:assert/strict";
import { test } from "node:test";
import { problemHeaders, refusedProblemHeaders } from "./problem-headers.ts";

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

test("a refusal says so in its head, as an answer to HEAD has no body", () => {
  assert.equal(refusedProblemHeaders({ code: "sound-undecodable" })["lectern-problem"], "audio=undecodable");
  assert.equal(refusedProblemHeaders({ code: "picture-undecodable" })["lectern-problem"], "video=undecodable");
  assert.deepEqual(refusedProblemHeaders({ code: "not-yet" }), {});
});
