import assert from "node:assert/strict";
import { test } from "node:test";
import { type AddressRule, effectiveRules, type Policy, type PolicyRule, type PolicyTarget } from "./access-policy.ts";

const rule = (deny: string, over: Partial<AddressRule> = {}): PolicyRule => ({
  kind: "addresses",
  for: "play",
  combine: "add",
  mode: "enforce",
  locked: false,
  allow: [],
  deny: [deny],
  ...over,
});
const INSTALLATION: PolicyTarget = { level: "installation", id: "" };
const SCHOOL: PolicyTarget = { level: "school", id: "s" };
const LESSON: PolicyTarget = { level: "lesson", id: "l" };
const held = (...policies: Policy[]) =>
  effectiveRules(policies).map(({ rule, source }) => `${source.level} ${rule.kind === "addresses" ? rule.deny.join() : rule.kind}`);

test("rules of nearer policies are added to those of farther ones", () => {
  assert.deepEqual(
    held(
      { target: INSTALLATION, rules: [rule("1")] },
      { target: SCHOOL, rules: [rule("2"), rule("3")] },
      { target: LESSON, rules: [] },
    ),
    ["installation 1", "school 2", "school 3"],
  );
});

test("a rule that replaces takes the place of farther ones of its kind and action, not of its own policy's, and of no locked one", () => {
  const farther = {
    target: INSTALLATION,
    rules: [rule("1"), rule("locked", { locked: true }), rule("publishers", { for: "publish" })],
  };
  const nearer = { target: LESSON, rules: [rule("2"), rule("3", { combine: "replace" })] };
  const other: PolicyRule = {
    kind: "referers",
    for: "play",
    combine: "add",
    mode: "enforce",
    locked: false,
    allow: [],
    deny: [],
    empty: "allow",
  };
  assert.deepEqual(held({ ...farther, rules: [...farther.rules, other] }, { target: SCHOOL, rules: [rule("4")] }, nearer), [
    ...["installation locked", "installation publishers", "installation referers", "lesson 2", "lesson 3"],
  ]);
});
