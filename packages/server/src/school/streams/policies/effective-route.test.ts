/** Which rules hold, and what replaces the others. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { PolicyLevel, PolicyRule } from "../../../access/policies/access-policy.ts";
import { shownRules } from "./effective-route.ts";

type Fields = Partial<Pick<PolicyRule, "combine" | "locked" | "for" | "mode">>;
const rule = (fields: Fields = {}): PolicyRule => ({
  kind: "addresses",
  for: "play",
  combine: "add",
  mode: "enforce",
  locked: false,
  allow: [],
  deny: [],
  ...fields,
});
const policy = (level: PolicyLevel, ...rules: PolicyRule[]) => ({ target: { level, id: level }, rules });

test("a rule that is replaced names the nearest policy that replaces it; locked and other actions' rules hold", () => {
  const replace = rule({ combine: "replace" });
  const shown = shownRules([
    policy("installation", rule(), rule({ locked: true }), rule({ for: "publish" })),
    policy("school", replace),
    policy("course", rule()),
    policy("lesson", replace, rule()),
  ]);
  assert.deepEqual(
    shown.map(({ source, replacedBy }) => [source.level, replacedBy?.level ?? null]),
    [
      ["installation", "lesson"],
      ["installation", null],
      ["installation", null],
      ["school", "lesson"],
      ["course", "lesson"],
      ["lesson", null],
      ["lesson", null],
    ],
  );
});
