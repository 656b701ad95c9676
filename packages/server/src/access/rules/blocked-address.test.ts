import assert from "node:assert/strict";
import { test } from "node:test";
import { signLink } from "../links/signed-link.ts";
import type { Countermeasure } from "../protection/protection-messages.ts";
import { blockedAddress } from "./blocked-address.ts";
import { decisionOf, lesson, NOW, nothingKnown, SECRET, subject } from "./test-subject.ts";

const at = (measure: Countermeasure | null) => ({ addresses: { ...nothingKnown, countermeasureOf: () => measure } });

test("only `refuse` holds media up, and only who wants to start", () => {
  assert.equal(decisionOf(blockedAddress, subject()), "skip");
  for (const measure of [null, "slow", "challenge"] as const)
    assert.equal(decisionOf(blockedAddress, subject(at(measure))), "skip");
  for (const purpose of ["play", "replay"] as const)
    assert.equal(decisionOf(blockedAddress, subject({ ...at("refuse"), purpose })), "challenge-required");
  assert.equal(decisionOf(blockedAddress, subject({ ...at("refuse"), purpose: "stay" })), "skip");
});

test("a valid link lets through, and no other one", () => {
  const link = (secret: string, name = "math") => signLink({ app: "live", name, expires: Math.floor(NOW / 1000) + 60 }, secret);
  assert.equal(decisionOf(blockedAddress, subject(at("refuse"), link(SECRET))), "pass");
  assert.equal(decisionOf(blockedAddress, subject(at("refuse"), link("another"))), "challenge-required");
  assert.equal(decisionOf(blockedAddress, subject(at("refuse"), link(SECRET, "art"))), "challenge-required");
});

test("a publisher whose key was checked is let through; one that needs none is not", () => {
  const publishing = { ...at("refuse"), purpose: "publish" } as const;
  const keys = { publish: { allow: "keys", keys: {} }, play: { allow: "any" }, linkSecrets: [SECRET] } as const;
  assert.equal(decisionOf(blockedAddress, subject(publishing)), "too-many");
  assert.equal(decisionOf(blockedAddress, subject({ ...publishing, lesson: lesson() })), "pass");
  assert.equal(decisionOf(blockedAddress, subject({ ...publishing, settings: keys })), "pass");
});
