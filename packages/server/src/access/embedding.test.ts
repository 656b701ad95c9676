import assert from "node:assert/strict";
import { test } from "node:test";
import { embeddingOf } from "./embedding.ts";
import type { EffectiveRule, RefererRule } from "./policies/access-policy.ts";

function rulesOf(...rules: Partial<RefererRule>[]): readonly EffectiveRule[] {
  const usual = {
    kind: "referers",
    for: "play",
    combine: "add",
    mode: "enforce",
    locked: false,
    allow: [],
    deny: [],
    empty: "refuse",
  } as const;
  return rules.map((rule) => ({ rule: { ...usual, ...rule }, source: { level: "school", id: "s" } }));
}
const framesOf = (...rules: Partial<RefererRule>[]) => embeddingOf(rulesOf(...rules)).frames;

test("without rules about pages, and with rules that deny alone or count alone, all pages may frame the player", () => {
  assert.equal(framesOf(), null);
  assert.equal(framesOf({ deny: ["evil.net"] }), null);
  assert.equal(framesOf({ allow: ["school.com"], mode: "dry-run" }), null);
});

test("only pages that all rules allow, and none denies, may frame it", () => {
  assert.deepEqual(framesOf({ allow: ["school.com", "*.school.com"] }), [
    ...["http://school.com:*", "https://school.com:*", "http://*.school.com:*", "https://*.school.com:*"],
  ]);
  assert.deepEqual(framesOf({ allow: ["*.school.com"] }, { allow: ["a.school.com", "b.net"] }), [
    "http://a.school.com:*",
    "https://a.school.com:*",
  ]);
  assert.deepEqual(framesOf({ allow: ["a.com", "b.com"], deny: ["b.com"] }), ["http://a.com:*", "https://a.com:*"]);
  assert.deepEqual(framesOf({ allow: ["a.com"] }, { allow: ["b.com"] }), []);
});

test("a page that is denied does not lead to the stream's page either; this server's own pages do", () => {
  const { isAllowedFrom } = embeddingOf(rulesOf({ allow: ["*.school.com"], deny: ["bad.school.com"] }));
  assert.equal(isAllowedFrom("https://www.school.com/a", "lectern.test"), true);
  assert.equal(isAllowedFrom("https://bad.school.com/", "lectern.test"), false);
  assert.equal(isAllowedFrom("https://evil.net/", "lectern.test"), false);
  assert.equal(isAllowedFrom("https://lectern.test/class/A", "lectern.test"), true);
});
