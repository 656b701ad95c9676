import assert from "node:assert/strict";
import { test } from "node:test";
import { translator } from "../../../texts/translator.ts";
import { CONSOLE_PAGE_MESSAGES } from "../../messages/pages.ts";
import type { Rule } from "./rule.ts";
import { ruleSentence } from "./rule-sentence.ts";

const BASE = { for: "play", combine: "add", mode: "enforce", locked: false } as const;
const NAMES = new Map([
  ["L", "Campus"],
  ["K", "Old CDN"],
]);

function sentences(language: "en" | "zh-CN", rules: readonly Rule[]): string[] {
  const { t } = translator(language, [CONSOLE_PAGE_MESSAGES]);
  return rules.map((rule) => ruleSentence(rule, { t, language, names: NAMES }));
}

const RULES: readonly Rule[] = [
  { ...BASE, kind: "referers", allow: ["school.com", "*.school.com"], deny: [], empty: "refuse" },
  { ...BASE, for: "publish", kind: "addresses", allow: ["10.0.0.0/8", "list:L", "list:gone"], deny: [] },
  { ...BASE, kind: "user-agents", allow: [], deny: ["a", "b", "c", "d", "e", "f"], empty: "allow" },
  { ...BASE, kind: "carriers", allow: ["telecom", "university.net"], deny: [], unknown: "allow" },
  { ...BASE, kind: "regions", allow: [], deny: [], unknown: "allow" },
  { ...BASE, kind: "times", timeZone: "UTC", windows: [{ days: [5, 1, 2, 3, 7], from: "22:00", to: "06:00" }] },
  { ...BASE, kind: "links", boundAddress: true, keys: ["K", "gone"] },
  { ...BASE, kind: "viewers", most: 500, perViewer: 2, over: "end-oldest" },
  { ...BASE, kind: "viewers", most: null, perViewer: null, over: "end-oldest" },
  { ...BASE, kind: "encryption", segmentsPerKey: 5 },
  { ...BASE, kind: "watermark", shows: "both", opacity: 0.2 },
  {
    ...BASE,
    kind: "back-end",
    url: "https://auth.school.com:8443/watch?app=1",
    method: "POST",
    sends: ["query"],
    cacheSeconds: 60,
    refusedCacheSeconds: 10,
    timeoutMs: 2000,
    onFailure: "refuse",
    signed: true,
  },
];

test("every kind of rule is a sentence that a school understands", () => {
  assert.deepEqual(sentences("en", RULES), [
    "Watching: only from pages of school.com and *.school.com; players without a page are refused.",
    "Publishing: only from 10.0.0.0/8, the list “Campus”, and a deleted list.",
    "Watching: not with a, b, c, d, and 2 more.",
    "Watching: only over China Telecom and university.net.",
    "Watching: from all regions.",
    "Watching: only Mon–Wed, Fri, Sun 22:00–06:00 on the next day (UTC).",
    "Watching: only with a signed link for the viewer's own address; links signed with Old CDN and a deleted key are valid too.",
    "Watching: at most 500 at once; each on at most 2 devices, one more ends the first.",
    "Watching: any number of viewers.",
    "Watching: encrypted, by HLS only, with a new key after 5 segments.",
    "Watching: the viewer's name and number are over the picture.",
    "Watching: only whom auth.school.com:8443 lets in; if it does not answer, refused.",
  ]);
});

test("in Chinese, sentences are Chinese, with Chinese punctuation", () => {
  const [pages, , , carriers] = sentences("zh-CN", RULES);
  assert.equal(pages, "观看：只允许来自 school.com和*.school.com 的页面；没有来源页面的播放器会被拒绝。");
  assert.equal(carriers, "观看：只允许通过 中国电信和university.net。");
});
