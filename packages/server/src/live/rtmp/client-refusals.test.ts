import assert from "node:assert/strict";
import { test } from "node:test";
import { refusalProblem } from "./client-refusals.ts";

const codeOf = (asked: "connect" | "play" | "publish" | null, code: string, description = "") =>
  refusalProblem({ asked, code, description }).code;

test("what servers say becomes a problem that an operator can act on", () => {
  assert.equal(codeOf("play", "NetStream.Play.StreamNotFound"), "no-such-stream");
  assert.equal(codeOf("connect", "NetConnection.Connect.InvalidApp"), "no-such-stream");
  // Lectern
  assert.equal(codeOf("connect", "NetConnection.Connect.Rejected", "not-found: There is no app …"), "no-such-stream");
  assert.equal(codeOf("publish", "NetStream.Publish.BadName", "bad-key: The key is wrong"), "bad-credential");
  assert.equal(
    codeOf("publish", "NetStream.Publish.BadName", "publisher-present: Somebody publishes already"),
    "publisher-present",
  );
  assert.equal(codeOf("play", "NetStream.Play.Failed", "full: The server is full"), "unreachable");
  // nginx-rtmp
  assert.equal(codeOf("publish", "NetStream.Publish.BadName", "Already publishing"), "publisher-present");
  assert.equal(codeOf("play", "NetStream.Play.StreamNotFound", "No such stream"), "no-such-stream");
  // Wowza and Adobe's server
  const reject = "[ AccessManager.Reject ] : [ code=403 need auth; authmod=adobe ] : ";
  assert.equal(codeOf("connect", "NetConnection.Connect.Rejected", reject), "bad-credential");
  assert.equal(
    codeOf(
      "connect",
      "NetConnection.Connect.Rejected",
      "[ Server.Reject ] : (_defaultRoot_, ) : Application (x) is not defined, not found.",
    ),
    "no-such-stream",
  );
  assert.equal(codeOf("publish", "NetStream.Publish.Denied", "Publishing denied"), "bad-credential");
});

test("a refusal without a reason is one of this client; an end is an end", () => {
  assert.equal(codeOf("publish", "NetStream.Publish.BadName"), "bad-credential");
  assert.equal(codeOf(null, "NetStream.Play.UnpublishNotify", "publisher-gone: not found"), "ended");
  assert.deepEqual(refusalProblem({ asked: null, code: "", description: "" }), {
    code: "ended",
    detail: "The server ended the stream.",
  });
});

test("a redirect is not followed, and says so", () => {
  assert.deepEqual(refusalProblem({ asked: "connect", code: "redirect", description: "Go there" }), {
    code: "unsupported",
    detail: "The server refused connect: redirect: Go there",
  });
});
