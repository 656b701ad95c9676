import assert from "node:assert/strict";
import { test } from "node:test";
import type { AlarmRule } from "@lectern/client";
import { changedRule, NEW_RULE, newRule, ruleValues, typedRule } from "./rule-values.ts";

const rule: AlarmRule = {
  id: "r",
  code: "link-lossy",
  enabled: true,
  createdAt: "",
  version: 1,
  name: "Link loses packets",
  kind: "link",
  metric: "loss",
  subject: "*",
  comparison: "above",
  threshold: 0.07,
  clearThreshold: 0.02,
  forSeconds: 60,
  clearSeconds: 120,
  onlyWhile: null,
  severity: "warning",
  channelIds: ["a", "b"],
  silentUntil: "2026-12-01T01:00:00.000Z",
};

test("a form that is not changed says what the rule says", () => {
  const { name, kind, metric, subject, comparison, onlyWhile, ...rest } = NEW_RULE;
  assert.deepEqual(newRule(ruleValues(NEW_RULE, "UTC"), "UTC"), { name, kind, metric, subject, comparison, ...rest });
  const values = ruleValues(rule, "Asia/Shanghai");
  assert.deepEqual([values.threshold, values.silentUntil], ["7", "2026-12-01T09:00"]);
  const changed = changedRule(values, "loss", "Asia/Shanghai");
  for (const key of ["threshold", "clearThreshold", "channelIds", "silentUntil", "severity"] as const)
    assert.deepEqual(changed[key], rule[key], key);
});

test("an empty end is the threshold, an empty subject is all, and a name that is not in the form stays", () => {
  const changed = changedRule({ threshold: "7", clearThreshold: "", subject: " " }, "loss", "UTC");
  assert.deepEqual([changed.threshold, changed.clearThreshold, changed.subject, "name" in changed], [0.07, 0.07, "*", false]);
});

test("a form that is incomplete makes no rule to say in words", () => {
  const values = ruleValues(NEW_RULE, "UTC");
  assert.equal(typedRule(values, null, "UTC")?.threshold, 0.95);
  assert.equal(typedRule({ ...values, threshold: "a lot" }, null, "UTC"), null);
  assert.equal(typedRule({ ...values, kind: "link" }, null, "UTC"), null, "a link has no such metric");
});
