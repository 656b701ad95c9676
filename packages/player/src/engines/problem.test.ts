import assert from "node:assert/strict";
import { test } from "node:test";
import { isTransient, problemFromAnswer, problemFromRefusal, problemFromStatus } from "./problem.ts";

test("what is only not there yet is asked for again as soon as a stream that has not begun, unlike what is full", () => {
  const refusal = (code: string) =>
    problemFromRefusal(503, JSON.stringify({ type: `urn:lectern:error:${code}`, status: 503, code }));
  assert.deepEqual(["not-yet", "full", "draining"].map(refusal), ["not-live", "busy", "busy"]);
  assert.equal(problemFromRefusal(404, ""), "not-live");
});

test("each HTTP status maps to its problem, and only transient problems are retried", () => {
  assert.deepEqual(
    [404, 410, 401, 403, 429, 503, 500, 0].map((status) => problemFromStatus(status)),
    ["not-live", "expired", "refused", "refused", "busy", "busy", "network", "network"],
  );
  assert.ok(
    isTransient("network") &&
      isTransient("not-live") &&
      !isTransient("expired") &&
      !isTransient("elsewhere") &&
      !isTransient("codec"),
  );
});

test("a refusal that names what nobody can decode is tried again: encoders are mended", () => {
  const told = ["video=undecodable", "audio=undecodable"].map((header) => problemFromRefusal(503, "", header));
  assert.deepEqual(told, ["picture-undecodable", "sound-undecodable"]);
  assert.ok(told.every(isTransient));
  const answer = { status: 503, headers: new Headers({ "lectern-problem": "video=undecodable" }) };
  assert.equal(problemFromAnswer(answer), "picture-undecodable");
});
