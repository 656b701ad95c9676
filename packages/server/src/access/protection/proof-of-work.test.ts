import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CLEARANCE_COOKIE, CLEARANCE_SECONDS, hasProofOfWork, proofOfWorkCookie, signProofOfWork } from "./proof-of-work.ts";

const NOW = 1_800_000_000_000;
const OWNER = "203.0.113.7";
const sent = (value: string) => `${CLEARANCE_COOKIE}=${value}`;

test("a clearance counts for its address and its hour, with each secret that is still accepted", () => {
  const cookie = sent(signProofOfWork(OWNER, "first", NOW));
  const end = NOW + CLEARANCE_SECONDS * 1000;
  assert.equal(hasProofOfWork(cookie, OWNER, ["first"], NOW), true);
  assert.equal(hasProofOfWork(`a=1; ${cookie}; b=2`, OWNER, ["newer", "first"], end - 1), true);
  assert.equal(hasProofOfWork(cookie, OWNER, ["first"], end), false);
  assert.equal(hasProofOfWork(cookie, "203.0.113.8", ["first"], NOW), false);
  assert.equal(hasProofOfWork(cookie, OWNER, ["newer"], NOW), false);
  assert.equal(hasProofOfWork(cookie, OWNER, [], NOW), false);
});

test("no other cookie is a clearance, whatever its length", () => {
  const value = signProofOfWork(OWNER, "secret", NOW);
  const [expires = "", mac = ""] = value.split(".");
  const later = (Number.parseInt(expires, 36) + 3600).toString(36);
  for (const other of [
    "",
    ".",
    value.slice(1),
    value.slice(0, -1),
    `${value}A`,
    `${later}.${mac}`,
    `${expires}.${mac.replace(/./, "-")}`,
  ])
    assert.equal(hasProofOfWork(sent(other), OWNER, ["secret"], NOW), false, other);
  assert.equal(hasProofOfWork(undefined, OWNER, ["secret"], NOW), false);
  assert.equal(hasProofOfWork(`x${sent(value)}`, OWNER, ["secret"], NOW), false);
  fc.assert(
    fc.property(
      fc.string(),
      (text) => !hasProofOfWork(sent(text), OWNER, ["secret"], NOW) && !hasProofOfWork(text, OWNER, ["secret"], NOW),
    ),
  );
});

test("scripts cannot read the cookie; frames in other sites have it where HTTPS allows that", () => {
  assert.equal(proofOfWorkCookie("value", false), `${CLEARANCE_COOKIE}=value; Path=/; HttpOnly; SameSite=Lax; Max-Age=3600`);
  assert.match(proofOfWorkCookie("value", true), /; HttpOnly; SameSite=None; Secure; Partitioned; Max-Age=3600$/);
});
