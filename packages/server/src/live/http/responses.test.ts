import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "../../platform/refusal.ts";
import { refusalAnswer } from "./responses.ts";

test("a refusal of media is in the language that the request prefers, with the same code", () => {
  const answer = (language: string) =>
    refusalAnswer({ method: "GET", headers: { "accept-language": language } }, new Refusal("full"));
  const [english, chinese] = [answer("en"), answer("zh-CN,zh;q=0.9")];
  assert.deepEqual([english.headers["content-language"], chinese.headers["content-language"]], ["en", "zh"]);
  const [a, b] = [english, chinese].map(({ body }): { code: string; detail: string } => JSON.parse(body.toString()));
  assert.equal(a?.code, b?.code);
  assert.equal(b?.detail, "人数已达上限，请稍后再试。");
  assert.equal(chinese.headers["content-length"], String(chinese.body.length));
});

test("who opens a page while the server cannot answer reads a sentence that asks again by itself, and programs get problem details", () => {
  const answer = (accept: string, refusal = new Refusal("control-away")) =>
    refusalAnswer({ method: "GET", headers: { accept, "accept-language": "zh-CN" } }, refusal);
  const page = answer("text/html,application/xhtml+xml,*/*;q=0.8");
  assert.equal(page.headers["content-type"], "text/html; charset=utf-8");
  assert.equal(page.headers["content-length"], String(page.body.length));
  assert.match(page.body.toString(), /<html lang="zh">.*http-equiv="refresh".*页面和设置暂时无法访问/);
  const others = [answer("application/json"), answer("*/*"), answer("text/html", new Refusal("no-such-stream"))];
  for (const { headers, body } of others) {
    assert.equal(headers["content-type"], "application/problem+json");
    assert.ok(JSON.parse(body.toString()).code);
  }
});
