import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError } from "../../../session/error-message.ts";
import { RULE_KINDS, type Rule } from "./rule.ts";
import { newRuleValues, type RuleTexts, ruleOf, ruleValues } from "./rule-values.ts";

const TEXTS: RuleTexts = {
  notWhole: (field, min, max) => `${field} ${min} ${max}`,
  noDays: "no days",
  labels: {
    most: "most",
    perViewer: "each",
    segments: "segments",
    opacity: "opacity",
    cache: "cache",
    refusedCache: "refused",
    timeout: "timeout",
  },
};
const BASE = { for: "play", combine: "add", mode: "enforce", locked: false } as const;
const LIST = "list:01900000-0000-7000-8000-000000000000";

const RULES: readonly Rule[] = [
  { ...BASE, for: "publish", combine: "replace", kind: "addresses", allow: ["10.0.0.0/8", LIST], deny: [LIST] },
  { ...BASE, mode: "dry-run", kind: "referers", allow: ["school.com", "*.school.com"], deny: ["evil.example"], empty: "refuse" },
  { ...BASE, locked: true, kind: "user-agents", allow: [], deny: ["python requests", "*Wget*"], empty: "allow" },
  { ...BASE, kind: "regions", allow: ["中国/广东"], deny: [], unknown: "refuse" },
  { ...BASE, kind: "carriers", allow: ["telecom", "university"], deny: ["mobile"], unknown: "allow" },
  { ...BASE, kind: "times", timeZone: "Asia/Shanghai", windows: [{ days: [1, 7], from: "22:00", to: "06:00" }] },
  { ...BASE, kind: "links", boundAddress: true, keys: ["a", "b"] },
  { ...BASE, kind: "viewers", most: 200, perViewer: null, over: "end-oldest" },
  { ...BASE, kind: "encryption", segmentsPerKey: 5 },
  { ...BASE, kind: "watermark", shows: "both", opacity: 0.2 },
  {
    ...BASE,
    for: "publish",
    kind: "back-end",
    url: "https://auth.school.com/watch",
    method: "GET",
    sends: ["query", "ip"],
    cacheSeconds: 0,
    refusedCacheSeconds: 3600,
    timeoutMs: 100,
    onFailure: "allow",
    signed: true,
  },
];

test("a rule of every kind is the same after its form", () => {
  assert.deepEqual(RULES.map(({ kind }) => kind).toSorted(), [...RULE_KINDS].toSorted());
  for (const rule of RULES) assert.deepEqual(ruleOf({ ...newRuleValues("UTC"), ...ruleValues(rule) }, TEXTS), rule);
});

test("a new rule of every kind can be made of what the form begins with", () => {
  for (const kind of RULE_KINDS) {
    const rule = ruleOf({ ...newRuleValues("Asia/Shanghai"), kind }, TEXTS);
    assert.equal(rule.kind, kind);
    assert.equal(rule.mode, "enforce");
  }
});

test("a secret is sent where one was entered, and nowhere else", () => {
  const made = (values: Readonly<Record<string, string>>) =>
    ruleOf({ ...newRuleValues("UTC"), kind: "back-end", ...values }, TEXTS);
  const entered = { "back-end.signed": "yes", "back-end.secret": "a new secret" };
  assert.equal(Reflect.get(made(entered), "secret"), "a new secret");
  for (const values of [
    { ...entered, "back-end.secret": "" },
    { ...entered, "back-end.signed": "no" },
  ])
    assert.equal("secret" in made(values), false);
  assert.throws(() => made({ "back-end.cache": "3601" }), new InputError("cache 0 3600"));
});

test("empty lines and spaces of a text are no entries", () => {
  const rule = ruleOf({ ...newRuleValues("UTC"), "referers.allow": " school.com \r\n\n\t*.school.com\n" }, TEXTS);
  assert.deepEqual("allow" in rule && rule.allow, ["school.com", "*.school.com"]);
});

test("rules about watching alone are for watching, whatever the form had before", () => {
  assert.equal(ruleOf({ ...newRuleValues("UTC"), kind: "viewers", for: "publish" }, TEXTS).for, "play");
});

test("numbers that are none, and a time without a day, are told by their field", () => {
  const made = (values: Readonly<Record<string, string>>) => () => ruleOf({ ...newRuleValues("UTC"), ...values }, TEXTS);
  for (const most of ["0", "-1", "2.5", "many"])
    assert.throws(made({ kind: "viewers", "viewers.most": most }), new InputError("most 1 1000000"));
  assert.throws(made({ kind: "encryption", "encryption.segments": "1001" }), new InputError("segments 1 1000"));
  assert.throws(made({ kind: "watermark", "watermark.opacity": "4" }), new InputError("opacity 5 100"));
  const windows = JSON.stringify([{ days: [], from: "08:00", to: "09:00" }]);
  assert.throws(made({ kind: "times", "times.windows": windows }), new InputError("no days", "times.windows"));
});
