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
