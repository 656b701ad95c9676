import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "../../platform/refusal.ts";
import type { EffectiveRule, EncryptionRule } from "./access-policy.ts";
import { encryptionOf } from "./content-protection.ts";

const rule = (segmentsPerKey: number, over: Partial<EncryptionRule> = {}): EffectiveRule => ({
  rule: { kind: "encryption", for: "play", combine: "add", mode: "enforce", locked: false, segmentsPerKey, ...over },
  source: { level: "school", id: "s" },
});

test("the nearest rule that is enforced says how files are encrypted", () => {
  assert.equal(encryptionOf([]), null);
  assert.equal(encryptionOf([rule(3), rule(5)])?.segmentsPerKey, 5);
  assert.equal(encryptionOf([rule(3), rule(5, { mode: "dry-run" })])?.segmentsPerKey, 3);
  assert.equal(encryptionOf([rule(5, { mode: "dry-run" })]), null);
  assert.equal(encryptionOf(new Refusal("control-away")), undefined);
});
