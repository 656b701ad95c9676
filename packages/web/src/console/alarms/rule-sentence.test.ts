import assert from "node:assert/strict";
import { test } from "node:test";
import { translator } from "../../texts/translator.ts";
import { CONSOLE_MESSAGES } from "../messages/messages.ts";
import { CONSOLE_PAGE_MESSAGES } from "../messages/pages.ts";
import { ruleSentence, type SentenceRule } from "./rule-sentence.ts";

const RULE: SentenceRule = {
  kind: "node",
  metric: "egress",
  subject: "*",
  comparison: "above",
  severity: "critical",
  threshold: 0.95,
  clearThreshold: 0.85,
  forSeconds: 60,
  clearSeconds: 120,
  onlyWhile: null,
};

function said(rule: Partial<SentenceRule>, language: "en" | "zh-CN" = "en"): string {
  const { t } = translator(language, [CONSOLE_MESSAGES, CONSOLE_PAGE_MESSAGES]);
  return ruleSentence({ ...RULE, ...rule }, t, language).replaceAll("\u00a0", " ");
}

test("a rule is said with its thresholds, their times, and whom it judges", () => {
  assert.equal(
    said({}),
    "Critical when the exit bandwidth in use of a node is above 95 % for 60 s, until it is 85 % or less for 120 s.",
  );
  assert.equal(said({}, "zh-CN"), "节点的出口带宽占用高于 95 % 达 60 秒时发出“严重”告警；不高于 85 % 达 120 秒后恢复。");
  assert.equal(
    said({
      metric: "fps",
      kind: "stream",
      subject: "live/a*",
      comparison: "below",
      threshold: 20,
      clearThreshold: 24,
      forSeconds: 0,
      severity: "info",
    }),
    "Notice when the frame rate of “live/a*” is below 20, until it is 24 or more for 120 s.",
  );
});

test("a rule that judges only while something else is so says it", () => {
  const lesson = { kind: "lesson", metric: "stall_ratio", onlyWhile: { metric: "viewers", least: 5 }, clearSeconds: 0 } as const;
  assert.equal(
    said(lesson),
    "Critical when the share of time stalled of a lesson is above 95 % for 60 s while the number of viewers is at least 5, until it is 85 % or less.",
  );
});

test("an index is said in words, a metric that is not known by its name", () => {
  const state = { kind: "component", metric: "state", clearSeconds: 30, forSeconds: 30 } as const;
  assert.equal(
    said({ ...state, threshold: 1.5, clearThreshold: 1.5 }),
    "Critical when a component is down for 30 s, until it is no longer down for 30 s.",
  );
  assert.match(said({ ...state, threshold: 0.5, clearThreshold: 0.5 }), /is impaired or down for 30 s, until it works again/);
  assert.match(
    said({ kind: "probe", metric: "ok", comparison: "below", threshold: 0.5, clearThreshold: 0.5, forSeconds: 0 }),
    /^Critical when a probe falls short, until it is good/,
  );
  assert.match(
    said({ metric: "process_cpu_media-1", threshold: 2, clearThreshold: 1 }),
    /the process_cpu_media-1 of a node is above 2 for/,
  );
});
