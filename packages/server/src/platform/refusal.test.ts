import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { platformText } from "./messages/platform-texts.ts";
import { REFUSALS, Refusal } from "./refusal.ts";

test("docs/errors.md names every code with its status, and no other", () => {
  const text = readFileSync(new URL("../../../../docs/errors.md", import.meta.url), "utf8");
  const documented = [...text.matchAll(/^\| `([a-z0-9-]+)` +\| (\d+) +\|/gm)].map((match) => `${match[1]} ${match[2]}`);
  const known = Object.entries(REFUSALS).map(([code, { status }]) => `${code} ${status}`);
  assert.deepEqual(documented.sort(), known.sort());
});

test("a refusal becomes problem details", () => {
  const problem = new Refusal("link-expired").problem();
  assert.deepEqual(Object.keys(problem), ["type", "title", "status", "code", "detail"]);
  assert.deepEqual([problem.status, problem.detail], [410, problem.title]);
});

test("title, detail and mistakes are in the reader's language, codes and paths are not", () => {
  const mistakes = [{ path: "url", message: platformText("not-a-web-address") }];
  const refusal = new Refusal("bad-request", platformText("body-type", { type: "text/csv" }), mistakes);
  const chinese = refusal.problem("zh");
  assert.deepEqual(
    [chinese.code, chinese.title, chinese.detail],
    ["bad-request", "请求内容有误。", "内容类型应为 text/csv，请在 Content-Type 中注明。"],
  );
  assert.deepEqual(chinese.errors, [{ path: "url", message: "不是 http 或 https 地址" }]);
  const english = refusal.problem("en");
  assert.deepEqual(
    [english.detail, english.errors?.[0]?.message],
    ["The body must be text/csv; say so in Content-Type.", "is not an http or https address"],
  );
  assert.equal(refusal.detail, english.detail);
});

test("a refusal keeps its words when a rule signs it", () => {
  const signed = new Refusal("bad-request", platformText("no-body")).by("a-rule");
  assert.deepEqual([signed.rule, signed.detail], ["a-rule", "This request takes no body."]);
});
