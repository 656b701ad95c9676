/** Everything that the API says to people has its Chinese. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { REFUSALS, Refusal } from "./refusal.ts";
import { inChinese, languageOf, problemIn } from "./words.ts";

const SOURCE = join(import.meta.dirname, "..");
const CHINESE = /[\u4e00-\u9fff]/;

test("the language is the one that is preferred, of those that there are", () => {
  assert.equal(languageOf(undefined), "en");
  assert.equal(languageOf("zh-CN,zh;q=0.9,en;q=0.8"), "zh");
  assert.equal(languageOf("en-US,en;q=0.9,zh;q=0.8"), "en");
  assert.equal(languageOf("fr, zh;q=0.3, en;q=0.2"), "zh");
  assert.equal(languageOf("zh;q=0, en"), "en");
  assert.equal(languageOf("*"), "en");
});

test("titles, sentences and mistakes are in Chinese, codes are not", () => {
  for (const code of Object.keys(REFUSALS) as (keyof typeof REFUSALS)[]) {
    const problem = problemIn("zh", new Refusal(code));
    assert.equal(problem.code, code);
    assert.match(problem.title, CHINESE);
    assert.equal(problem.detail, problem.title);
  }
  const taken = problemIn("zh", new Refusal("conflict", "The lesson is live. End it first."));
  assert.equal(taken.detail, "这节课正在直播，请先结束。");
  const locked = problemIn("zh", new Refusal("too-many", "Too many wrong attempts. Try again in 15 minutes."));
  assert.equal(locked.detail, "错误次数太多，请在 15 分钟后再试。");
  const mistakes = [{ path: "endsAt", message: "is not after startsAt" }];
  const wrong = problemIn("zh", new Refusal("bad-request", "endsAt: is not after startsAt", mistakes));
  assert.equal(wrong.detail, "endsAt：不晚于开始时间");
  assert.equal(wrong.errors?.[0]?.message, "不晚于开始时间");
  // What a library says is told in full behind our own words.
  assert.match(problemIn("zh", new Refusal("bad-request", "Unexpected token } in JSON")).detail, /请求内容有误。（Unexpected/);
  assert.deepEqual(problemIn("en", new Refusal("full")), new Refusal("full").problem());
});

test("no sentence that is written in the program lacks its Chinese", () => {
  const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && !file.includes("platform/words"),
  );
  const told = /(?:Refusal(?:Error)?\(\s*"[a-z-]+",|takenAs\()\s*"([^"]+)"/g;
  const wrong = /(?:\bwrong\([^,()]+(?:\([^)]*\))?, |message: |error: )"([^"]+)"/g;
  const lacking: string[] = [];
  let seen = 0;
  for (const file of files) {
    const text = readFileSync(join(SOURCE, file), "utf8");
    for (const [, sentence = ""] of [...text.matchAll(told), ...(file.startsWith("school/") ? text.matchAll(wrong) : [])]) {
      seen++;
      if (!CHINESE.test(inChinese(sentence))) lacking.push(`${file}: ${sentence}`);
    }
  }
  assert.deepEqual(lacking, []);
  assert.ok(seen > 60, `${seen} sentences were found`);
});
