import assert from "node:assert/strict";
import { test } from "node:test";
import { signLink } from "../links/signed-link.ts";
import { signedLink } from "./signed-link.ts";
import { decisionOf, lesson, NOW, SECRET, subject } from "./test-subject.ts";

const SOON = NOW / 1000 + 60;
const SIGNED = { ...subject().settings, play: { allow: "signed" } } as const;

test("a link is needed for lessons, for their recordings, and where play.allow is signed", () => {
  assert.equal(decisionOf(signedLink, subject()), "skip");
  assert.equal(decisionOf(signedLink, subject({ purpose: "publish", settings: SIGNED })), "skip");
  assert.equal(decisionOf(signedLink, subject({ settings: SIGNED })), "not-signed-in");
  assert.equal(decisionOf(signedLink, subject({ lesson: lesson() })), "not-signed-in");
  assert.equal(decisionOf(signedLink, subject({ purpose: "replay", recording: { signed: true } })), "not-signed-in");
});

test("each fault of a link has its own code", () => {
  const play = (claims: { expires?: number; ip?: string; secret?: string; name?: string }) => {
    const { expires = SOON, ip, secret = SECRET, name = "math" } = claims;
    return decisionOf(signedLink, subject({ settings: SIGNED }, signLink({ app: "live", name, expires, ip }, secret)));
  };
  assert.equal(play({}), "allow");
  assert.equal(play({ ip: "10.0.0.1" }), "allow");
  assert.equal(play({ ip: "10.0.0.2" }), "refused-by-rule");
  assert.equal(play({ expires: NOW / 1000 - 1 }), "link-expired");
  assert.equal(play({ secret: "another-secret" }), "bad-signature");
  assert.equal(play({ name: "physics" }), "bad-signature");
});
