import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "../platform/refusal.ts";
import { decide, explain } from "./pipeline.ts";
import type { AccessRule, Decision } from "./rules/rule.ts";
import { lesson, subject } from "./rules/test-subject.ts";

const rule = (name: string, decision: Decision, applies = true): AccessRule => ({
  name,
  applies: () => applies,
  decide: () => decision,
});

test("the first refusal decides, even behind a rule that allowed", () => {
  const rules = [rule("a", "allow"), rule("b", new Refusal("lesson-ended")), rule("c", new Refusal("bad-key"))];
  const refusal = decide(subject(), rules);
  assert.deepEqual([refusal?.code, refusal?.rule], ["lesson-ended", "b"]);
});

test("a request that no rule allows is refused", () => {
  assert.equal(decide(subject(), [rule("a", "pass"), rule("b", "allow", false)])?.rule, "no-rule-allows");
  assert.equal(decide(subject(), [])?.code, "refused-by-rule");
  assert.equal(decide(subject(), [rule("a", "pass"), rule("b", "allow")]), null);
});

test("an explanation has every rule, also behind a refusal", () => {
  const refusal = new Refusal("bad-key");
  assert.deepEqual(explain(subject(), [rule("a", refusal), rule("b", "pass", false), rule("c", "allow")]), [
    { rule: "a", decision: refusal, of: null },
    { rule: "b", decision: "skip", of: null },
    { rule: "c", decision: "allow", of: null },
  ]);
});

test("for every purpose some rule decides: nothing falls through the real list", () => {
  for (const purpose of ["publish", "play", "stay", "replay"] as const) {
    for (const policy of [null, lesson()]) {
      for (const allow of ["any", "signed"] as const) {
        const { settings } = subject();
        const refusal = decide(subject({ purpose, lesson: policy, settings: { ...settings, play: { allow } } }, { key: "x" }));
        assert.notEqual(refusal?.rule, "no-rule-allows", `${purpose} ${policy ? "lesson" : "stream"} ${allow}`);
      }
    }
  }
});
