/** Every message of every domain has both languages, with the same parameters. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { catalogues, defineMessages, isMessageKey, textIn } from "./message.ts";

const SOURCE = join(import.meta.dirname, "../..");
const CHINESE = /[\u4e00-\u9fff]/;

const parametersOf = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = ""]) => name).sort();

test("every message has English and Chinese with the same parameters", async () => {
  const sources = globSync("**/*.ts", { cwd: SOURCE }).filter((file) => !file.endsWith(".test.ts"));
  const defining = sources.filter((file) => readFileSync(join(SOURCE, file), "utf8").includes("= defineMessages("));
  for (const file of defining) await import(join(SOURCE, file));
  const faults: string[] = [];
  let seen = 0;
  for (const [domain, catalogue] of catalogues()) {
    for (const [key, { en, zh }] of Object.entries(catalogue)) {
      seen++;
      const english = typeof en === "string" ? [en] : [en.one, en.other];
      for (const text of english) {
        if (CHINESE.test(text)) faults.push(`${domain}:${key}: English has Chinese: ${text}`);
        if (text === "" || `${parametersOf(text)}` !== `${parametersOf(zh)}`) faults.push(`${domain}:${key}: parameters differ`);
      }
      // What only arranges other texts has no words of its own.
      const words = zh.replace(/\{\{\w+\}\}/g, "");
      if (/[a-z]/i.test(words) && !CHINESE.test(words)) faults.push(`${domain}:${key}: no Chinese: ${zh}`);
    }
  }
  assert.deepEqual(faults, []);
  assert.ok(seen > 60, `${seen} messages were found`);
});

const say = defineMessages("test-of-messages", {
  wait: { en: { one: "Wait {{count}} minute.", other: "Wait {{count}} minutes." }, zh: "请等待 {{count}} 分钟。" },
  course: { en: 'There is no course "{{name}}"', zh: "没有课程 “{{name}}”" },
  nested: { en: "{{where}}: {{what}}", zh: "{{where}}：{{what}}" },
});

test("plural forms follow the count", () => {
  assert.equal(textIn("en", say("wait", { count: 1 })), "Wait 1 minute.");
  assert.equal(textIn("en", say("wait", { count: 15 })), "Wait 15 minutes.");
  assert.equal(textIn("zh", say("wait", { count: 1 })), "请等待 1 分钟。");
});

test("what a person has typed is inserted as it is", () => {
  for (const name of ["<b>&", "{{where}}", "$t(test-of-messages:wait)", "a $& b"])
    assert.equal(textIn("en", say("course", { name })), `There is no course "${name}"`);
});

test("a message inside a message is in the same language", () => {
  const message = say("nested", { where: { en: "body", zh: "内容" }, what: say("course", { name: "5b" }) });
  assert.equal(textIn("en", message), 'body: There is no course "5b"');
  assert.equal(textIn("zh", message), "内容：没有课程 “5b”");
});

test("keys are told from other text, so that a schema can name a message", () => {
  assert.ok(isMessageKey(say("course", { name: "" }).key));
  assert.ok(isMessageKey("test-of-messages:wait"));
  for (const text of ["test-of-messages:unknown", "unknown:course", "Invalid input: expected string"])
    assert.ok(!isMessageKey(text), text);
});
